"use client";

import { useId } from "react";
import { Controller, type UseFormReturn } from "react-hook-form";
import { useWords } from "@/components/language/language-provider.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import type { TrailFormValues } from "@/domain/trail/schema.ts";
import { REGIONS } from "@/domain/trail/trail.ts";
import { manageWords } from "./words.ts";

type TrailRegionsFieldProps = { form: UseFormReturn<TrailFormValues>; error: string | undefined };

/** All regions, or some of a list; those that the trail has already are in it, whatever their names. */
export function TrailRegionsField({ form: { control, watch, formState }, error }: TrailRegionsFieldProps) {
  const words = useWords(manageWords);
  const errorId = useId();
  const ruleId = useId();
  const boxId = useId();
  const isSome = watch("regionChoice") === "some";
  const ofTrail = (formState.defaultValues?.regions ?? []).filter((region) => region !== undefined);
  const regions = [...new Set<string>([...REGIONS, ...ofTrail])];
  return (
    <div>
      <div className="mb-1 text-sm font-[550]">{words.regions}</div>
      <Controller
        control={control}
        name="regionChoice"
        render={({ field }) => (
          <Choice
            label={words.regions}
            value={field.value}
            onChoose={field.onChange}
            options={(["all", "some"] as const).map((value) => ({ value, label: words.regionChoices[value] }))}
            describedBy={ruleId}
          />
        )}
      />
      {isSome && (
        <fieldset
          // What is wrong says what would be right.
          aria-describedby={error === undefined ? ruleId : errorId}
          className="mt-2 rounded-control border border-line px-3 py-2"
        >
          <legend className="sr-only">{words.whichRegions}</legend>
          <div className="grid grid-cols-[repeat(auto-fill,minmax(136px,1fr))] gap-x-3 gap-y-1">
            <Controller
              control={control}
              name="regions"
              render={({ field }) => (
                <>
                  {regions.map((region, position) => (
                    <label
                      key={region}
                      htmlFor={`${boxId}-${region}`}
                      className="flex min-h-6 items-center gap-2 max-sm:py-1.5"
                    >
                      <Checkbox
                        id={`${boxId}-${region}`}
                        // Where the focus goes when none is chosen.
                        ref={position === 0 ? field.ref : undefined}
                        checked={field.value.includes(region)}
                        onBlur={field.onBlur}
                        onCheckedChange={(isChosen) =>
                          // In the order of the list, whatever the order of ticking.
                          field.onChange(
                            regions.filter((one) => (one === region ? isChosen : field.value.includes(one))),
                          )
                        }
                      />
                      <span className="mono">{region}</span>
                    </label>
                  ))}
                </>
              )}
            />
          </div>
        </fieldset>
      )}
      {error !== undefined && (
        <p id={errorId} className="mt-1 text-sm text-bad">
          {error}
        </p>
      )}
      <p id={ruleId} className="mt-1 text-xs text-ink-3">
        {isSome ? words.someRegionsRule : words.regionsRule}
      </p>
    </div>
  );
}
