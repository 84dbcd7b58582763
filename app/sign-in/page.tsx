import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getWords } from "@/app/_request/preferences.ts";
import { findPerson } from "@/app/_request/session.ts";
import { Brand } from "@/components/ui/brand.tsx";
import { pathOfOurs } from "./_components/next-path.ts";
import { SignInForm } from "./_components/sign-in-form.tsx";
import { signInWords } from "./_components/words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getWords(signInWords)).title };
}

type SignInPageProps = { searchParams: Promise<{ next?: string | string[] }> };

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const next = pathOfOurs((await searchParams).next);
  if ((await findPerson()) !== null) {
    redirect(next);
  }
  const words = await getWords(signInWords);
  return (
    <main className="mx-auto grid max-w-[372px] gap-5 px-4 pt-[14vh] pb-12">
      <Brand />
      <section className="rounded-card border border-line bg-card px-[22px] py-5">
        <h1 className="text-xl font-[640] tracking-[-0.015em]">{words.title}</h1>
        <p className="mt-1 mb-4 text-ink-2">{words.why}</p>
        <SignInForm next={next} />
      </section>
      <p className="text-sm text-ink-3">{words.noAccess}</p>
    </main>
  );
}
