import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { LanguageProvider } from "@/components/language/language-provider.tsx";
import { Toasts } from "@/components/ui/toasts.tsx";
import { getLanguage, getTheme } from "./_request/preferences.ts";

export const metadata: Metadata = {
  title: { default: "Backtrail", template: "%s · Backtrail" },
  description: "Redeliver the history of audit trails, and prove it.",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fbfaf8" },
    { media: "(prefers-color-scheme: dark)", color: "#151410" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const language = await getLanguage();
  return (
    <html lang={language} data-theme={await getTheme()}>
      <body>
        <LanguageProvider language={language}>
          {children}
          <Toasts />
        </LanguageProvider>
      </body>
    </html>
  );
}
