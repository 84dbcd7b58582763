import type { Metadata } from "next";
import Link from "next/link";
import { getWords } from "@/app/_request/preferences.ts";
import { Entrance } from "@/components/access/entrance.tsx";
import { entranceWords } from "@/components/access/entrance-words.ts";
import { canMail } from "@/server/access/mail.ts";
import { ForgotForm } from "./_components/forgot-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(entranceWords)).forgotTitle };
}

export default async function ForgotPasswordPage() {
  const words = await getWords(entranceWords);
  const back = (
    <Link href="/sign-in" className="underline underline-offset-2 hover:text-ink">
      {words.toSignIn}
    </Link>
  );
  if (!canMail()) {
    return <Entrance title={words.forgotTitle} why={words.noMail} below={back} />;
  }
  return (
    <Entrance title={words.forgotTitle} why={words.forgotWhy} below={back}>
      <ForgotForm />
    </Entrance>
  );
}
