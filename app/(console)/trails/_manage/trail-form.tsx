"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useId } from "react";
import { Controller, type UseFormReturn, useForm } from "react-hook-form";
import type { ActionResult } from "@/app/_request/action-result.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { trailWords } from "@/components/trail/words.ts";
import { Button } from "@/components/ui/button.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { DialogBody, DialogClose, DialogFoot } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/field.tsx";
import { Select } from "@/components/ui/select.tsx";
import {
  type LogProjectChoiceDto,
  TRAIL_FORM_FAULTS,
  type TrailFormValues,
  trailFormSchema,
} from "@/domain/trail/schema.ts";
import { EVENT_RWS, REGIONS, slsDestinationOf, TRAILS_PER_REGION_MAX } from "@/domain/trail/trail.ts";
import { CommandNotice } from "./command-notice.tsx";
import { TrailRegionsField } from "./trail-regions-field.tsx";
import { useTrailCommand } from "./use-trail-command.ts";
import { manageWords } from "./words.ts";

type TrailFormProps = {
  values: TrailFormValues;
  /** Of a trail that is there: its name and its home region stay. */
  isNew: boolean;
  projects: readonly LogProjectChoiceDto[];
  /** Home regions of the account's trails, one for each. */
  homeRegions: readonly string[];
  send: (values: TrailFormValues) => Promise<ActionResult<void>>;
  onDone: (values: TrailFormValues) => void;
};

/** All that can be said of a trail, each field with its rule beside it. What was typed stays, whatever the answer. */
export function TrailForm({ values, isNew, projects, homeRegions, send, onDone }: TrailFormProps) {
  const words = useWords(manageWords);
  const { eventRW } = useWords(trailWords);
  const form = useForm<TrailFormValues>({
    resolver: zodResolver(trailFormSchema),
    defaultValues: values,
    mode: "onTouched",
  });
  const { register, control, handleSubmit, watch, formState } = form;
  const command = useTrailCommand(() => onDone(form.getValues()));
  const { outcome } = command;
  const isSending = outcome.kind === "sending";
  const homeRegion = watch("homeRegion");
  const hasBucket = watch("ossBucketName") !== "";
  const eventsRuleId = useId();

  const errorOf = (field: keyof TrailFormValues): string | undefined => {
    const message = formState.errors[field]?.message;
    const fault = TRAIL_FORM_FAULTS.find((known) => known === message);
    return fault && words.faults[fault];
  };

  return (
    <form noValidate onSubmit={handleSubmit((sent) => command.send(() => send(sent)))}>
      <DialogBody>
        <Field label={words.name} rule={words.nameRule} error={errorOf("name")}>
          {(field) => (
            <Input
              {...field}
              {...register("name")}
              readOnly={!isNew}
              autoComplete="off"
              spellCheck={false}
              className="mono"
            />
          )}
        </Field>
        <Field
          label={words.homeRegion}
          rule={words.homeRegionRule(
            homeRegions.filter((region) => region === homeRegion).length,
            TRAILS_PER_REGION_MAX,
          )}
        >
          {(field) =>
            isNew ? (
              <Select {...field} {...register("homeRegion")}>
                {[...new Set([values.homeRegion, ...REGIONS])].toSorted().map((region) => (
                  <option key={region}>{region}</option>
                ))}
              </Select>
            ) : (
              <Input {...field} {...register("homeRegion")} readOnly className="mono" />
            )
          }
        </Field>
        <TrailRegionsField form={form} error={errorOf("regions")} />
        <div>
          <div className="mb-1 text-sm font-[550]">{words.events}</div>
          <Controller
            control={control}
            name="eventRW"
            render={({ field }) => (
              <Choice
                label={words.events}
                value={field.value}
                onChoose={field.onChange}
                options={EVENT_RWS.map((value) => ({ value, label: eventRW[value] }))}
                describedBy={eventsRuleId}
              />
            )}
          />
          <p id={eventsRuleId} className="mt-1 text-xs text-ink-3">
            {words.eventsRule}
          </p>
        </div>
        <Field
          label={words.project}
          rule={projects.length === 0 ? words.noProjects : words.projectRule}
          error={errorOf("slsProjectArn")}
        >
          {(field) => (
            <Select {...field} {...register("slsProjectArn", { deps: ["ossBucketName", "name"] })}>
              <option value="">{words.noProject}</option>
              {projects.map(({ arn, region, name, isBuiltIn }) => (
                <option key={arn} value={arn}>
                  {region} / {isBuiltIn ? words.builtIn(name) : name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
          <Field label={words.bucket} rule={words.bucketRule} error={errorOf("ossBucketName")}>
            {(field) => (
              <Input
                {...field}
                {...register("ossBucketName", { deps: ["slsProjectArn", "ossKeyPrefix"] })}
                autoComplete="off"
                spellCheck={false}
                className="mono"
              />
            )}
          </Field>
          <Field label={words.prefix} rule={words.prefixRule} error={errorOf("ossKeyPrefix")}>
            {(field) => (
              <Input
                {...field}
                {...register("ossKeyPrefix")}
                readOnly={!hasBucket}
                autoComplete="off"
                spellCheck={false}
                className="mono"
              />
            )}
          </Field>
        </div>
        <CommandNotice outcome={outcome} />
      </DialogBody>
      <DialogFoot>
        <p className="min-w-0 flex-1 basis-52 text-sm text-ink-2">
          {formState.isValid && <WillBe form={form} isNew={isNew} />}
        </p>
        <DialogClose asChild>
          <Button>{words.cancel}</Button>
        </DialogClose>
        <Button look="primary" type="submit" aria-disabled={isSending}>
          {isSending ? (isNew ? words.creating : words.saving) : isNew ? words.create : words.save}
        </Button>
      </DialogFoot>
    </form>
  );
}

/** In one sentence, what the trail will be. */
function WillBe({ form: { watch }, isNew }: { form: UseFormReturn<TrailFormValues>; isNew: boolean }) {
  const words = useWords(manageWords);
  const { eventRW, ofAllRegions, comma } = useWords(trailWords);
  const values = watch();
  const sls = slsDestinationOf({ name: values.name, slsProjectArn: values.slsProjectArn });
  const facts = {
    name: values.name,
    events: eventRW[values.eventRW],
    regions: values.regionChoice === "all" ? ofAllRegions : values.regions.join(`${comma} `),
    destinations: [
      ...(sls === null ? [] : [`${sls.projectName} / ${sls.logstoreName}`]),
      ...(values.ossBucketName === "" ? [] : [`OSS ${values.ossBucketName}`]),
      ...(values.hasMaxCompute ? ["MaxCompute"] : []),
    ].join(`${comma} `),
  };
  return isNew ? words.willCreate(facts) : words.willChange(facts);
}
