"use client";

import type { ComponentProps } from "react";
import { frameWords } from "@/app/(console)/_components/words.ts";
import { useWords } from "@/components/language/language-provider.tsx";
import { Select } from "@/components/ui/select.tsx";
import { ROLES } from "@/domain/access/role.ts";

/** The roles to choose from. */
export function RoleSelect(props: ComponentProps<typeof Select>) {
  const { roles } = useWords(frameWords);
  return (
    <Select {...props}>
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {roles[role]}
        </option>
      ))}
    </Select>
  );
}
