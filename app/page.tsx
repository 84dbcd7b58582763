import { redirect } from "next/navigation";

/** The console begins at the trails. */
export default function HomePage() {
  redirect("/trails");
}
