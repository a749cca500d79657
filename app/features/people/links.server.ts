import type { AppContext } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Language } from "../../i18n/i18n.ts";
import { translator } from "../../i18n/language.server.ts";

const MINUTES = 15;

/**
 * Mails a one-time sign-in link. Known and unknown addresses get the same mail and the same answer;
 * for an unknown one, opening the link makes the account, under the name given here.
 */
export async function mailSignInLink(
  ctx: AppContext,
  { email, name = "", next = "/" }: { email: string; name?: string; next?: string },
  language: Language,
): Promise<void> {
  const t = translator(language);
  await ctx.limits.hit("signIn", ctx.hash("address", email));
  const token = await ctx.auth.createLink(email, name, MINUTES);
  const params = new URLSearchParams({ token, ...(next === "/" ? {} : { next }) });
  const link = `${ctx.origin}/sign-in/link?${params}`;
  const mail = {
    to: email,
    subject: t("people:mail.link.subject"),
    text: t("people:mail.link.text", { link, minutes: MINUTES }),
  };
  try {
    await ctx.mailer.send(mail);
  } catch (error) {
    ctx.log.error("mail.failed", error);
    throw new AppError(503, "people:mail.failed");
  }
}
