"use client";

import { useState } from "react";
import { SingleSignOnButton } from "@/components/access/single-sign-on-button.tsx";
import { SecondFactorForm } from "./second-factor-form.tsx";
import { SignInForm } from "./sign-in-form.tsx";

type SignInProps = {
  next: string;
  /** What the provider is called, where there is one. */
  singleSignOn: string | null;
};

/** Password, then the second factor of who has one; or single sign-on. */
export function SignIn({ next, singleSignOn }: SignInProps) {
  const [isAtSecondFactor, setIsAtSecondFactor] = useState(false);
  // A full load, so that nothing from before the session is kept.
  const enter = () => window.location.assign(next);
  if (isAtSecondFactor) {
    return <SecondFactorForm onDone={enter} onStartOver={() => setIsAtSecondFactor(false)} />;
  }
  return (
    <>
      <SignInForm onDone={enter} onSecondFactor={() => setIsAtSecondFactor(true)} />
      {singleSignOn !== null && <SingleSignOnButton name={singleSignOn} next={next} />}
    </>
  );
}
