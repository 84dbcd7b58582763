"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useId, useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import type { z } from "zod";
import { createLogProjectAction, updateLogProjectAction } from "@/app/(console)/destinations/actions.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { Dialog, DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { tell } from "@/components/ui/toast.ts";
import { LOG_TIMES } from "@/domain/log-service/log-service.ts";
import {
  createLogProjectInputSchema,
  type LogProjectDto,
  meantEndpoint,
  needsKeyAnew,
  publicEndpointOf,
  updateLogProjectInputSchema,
} from "@/domain/log-service/schema.ts";
import { destinationWords } from "./words.ts";

type ProjectDialogProps = {
  /** Null to add one. */
  project: LogProjectDto | null;
  onClose: () => void;
};

type FormInput = z.input<typeof updateLogProjectInputSchema>;
const FIELDS = ["region", "name", "endpoint", "accessKeyId", "accessKeySecret", "logTime"] as const;

/** Adds an external log project or changes one. What was typed stays through every refusal. */
export function ProjectDialog({ project, onClose }: ProjectDialogProps) {
  const words = useWords(destinationWords);
  const logTimeWhyId = useId();
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm<FormInput, unknown, z.output<typeof updateLogProjectInputSchema>>({
    resolver: zodResolver(project === null ? createLogProjectInputSchema : updateLogProjectInputSchema),
    defaultValues: {
      region: project?.region ?? "",
      name: project?.name ?? "",
      endpoint: project?.endpoint ?? "",
      accessKeyId: project?.accessKeyId ?? "",
      accessKeySecret: "",
      logTime: project?.logTime ?? "auto",
    },
  });
  const { register, handleSubmit, setError, setValue, control, formState } = form;
  const { errors, isSubmitting } = formState;
  const values = useWatch({ control });
  const region = project?.region ?? values.region ?? "";
  const origin = meantEndpoint(values.endpoint ?? "", region);
  const isKeyNeeded =
    project !== null &&
    origin !== null &&
    needsKeyAnew(project, {
      ...project,
      endpoint: origin,
      accessKeyId: values.accessKeyId?.trim() ?? "",
      accessKeySecret: values.accessKeySecret ?? "",
    });

  const submit = handleSubmit(async (input) => {
    setRefusal(null);
    if (isKeyNeeded) {
      setError("accessKeySecret", { message: words.keyNeeded }, { shouldFocus: true });
      return;
    }
    const act = project === null ? createLogProjectAction : updateLogProjectAction;
    const result = await act(input).catch(() => null);
    if (result?.ok) {
      tell(project === null ? words.created(input.name) : words.saved(input.name));
      onClose();
      return;
    }
    const field = FIELDS.find((name) => name === result?.error.field);
    if (field !== undefined && result !== null) {
      setError(field, { type: "refused", message: result.error.message }, { shouldFocus: true });
    } else {
      setRefusal(result?.error.message ?? words.silences.other);
    }
  });

  const errorOf = (field: (typeof FIELDS)[number]) => {
    const error = errors[field];
    return error === undefined
      ? undefined
      : error.type === "refused" || error.message === words.keyNeeded
        ? error.message
        : words.errors[field];
  };
  const { fields } = words;

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={project === null ? words.addTitle : words.editTitle(project.name)}
      description={project === null ? words.addWhy : words.editWhy}
    >
      <form onSubmit={submit} noValidate>
        <DialogBody>
          {project === null && (
            <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
              <Field label={fields.region} hint={fields.regionHint} error={errorOf("region")}>
                {(attributes) => <Input {...attributes} {...register("region")} autoComplete="off" className="mono" />}
              </Field>
              <Field label={fields.name} error={errorOf("name")}>
                {(attributes) => <Input {...attributes} {...register("name")} autoComplete="off" className="mono" />}
              </Field>
            </div>
          )}
          <Field label={fields.endpoint} hint={fields.endpointHint} error={errorOf("endpoint")}>
            {(attributes) => (
              <Input
                {...attributes}
                {...register("endpoint")}
                inputMode="url"
                autoComplete="off"
                placeholder={publicEndpointOf(region === "" ? "cn-hangzhou" : region)}
                className="mono"
              />
            )}
          </Field>
          {origin?.startsWith("http:") && <Notice look="warn">{words.plainHttp}</Notice>}
          <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
            <Field label={fields.accessKeyId} error={errorOf("accessKeyId")}>
              {(attributes) => (
                <Input {...attributes} {...register("accessKeyId")} autoComplete="off" className="mono" />
              )}
            </Field>
            <Field
              label={fields.accessKeySecret}
              hint={project === null ? fields.secretNewHint : fields.secretKeptHint}
              error={errorOf("accessKeySecret")}
            >
              {(attributes) => (
                <Input
                  {...attributes}
                  {...register("accessKeySecret")}
                  type="password"
                  autoComplete="new-password"
                  className="mono"
                />
              )}
            </Field>
          </div>
          {isKeyNeeded && errors.accessKeySecret === undefined && <Notice>{words.keyNeeded}</Notice>}
          <div>
            <div className="mb-1 text-sm font-[550]">{fields.logTime}</div>
            <Choice
              label={fields.logTime}
              value={values.logTime ?? "auto"}
              options={LOG_TIMES.map((value) => ({ value, label: words.logTimes[value].name }))}
              onChoose={(value) => setValue("logTime", value, { shouldDirty: true })}
              describedBy={logTimeWhyId}
            />
            <p id={logTimeWhyId} className="mt-1.5 text-sm text-ink-2">
              {words.logTimes[values.logTime ?? "auto"].why}
            </p>
          </div>
          {refusal !== null && (
            <Notice look="bad" role="alert">
              {refusal}
            </Notice>
          )}
        </DialogBody>
        <DialogFoot>
          <DialogClose asChild>
            <Button className="ml-auto">{words.cancel}</Button>
          </DialogClose>
          <Button look="primary" type="submit" aria-disabled={isSubmitting}>
            {project === null
              ? isSubmitting
                ? words.creating
                : words.create
              : isSubmitting
                ? words.saving
                : words.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
