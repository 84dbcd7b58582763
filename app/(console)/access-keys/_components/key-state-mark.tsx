import { useWords } from "@/components/language/language-provider.tsx";
import { StateMark } from "@/components/ui/state-mark.tsx";
import { accessKeyWords } from "./words.ts";

/** Whether requests that are signed with the key are taken. */
export function KeyStateMark({ isActive }: { isActive: boolean }) {
  const words = useWords(accessKeyWords);
  return isActive ? (
    <StateMark shape="check" tone="ok">
      {words.active}
    </StateMark>
  ) : (
    <StateMark shape="stopped" tone="still">
      {words.disabled}
    </StateMark>
  );
}
