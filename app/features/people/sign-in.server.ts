import type { RequestContext } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Language } from "../../i18n/i18n.ts";
import { translator } from "../../i18n/language.server.ts";
import { ensurePerson } from "./people.server.ts";

const MINUTES = 15;

/**
 * Mails a one-time sign-in link. Known and unknown addresses get the same mail and the same answer;
 * for an unknown one, opening the link makes the account, under the name given here.
 */
export async function mailSignInLink(
  ctx: RequestContext,
  { email, name = "", next = "/" }: { email: string; name?: string; next?: string },
  language: Language,
): Promise<void> {
  const t = translator(language);
  await ctx.limits.hit("signIn", ctx.clientKey);
  await ctx.limits.hit("account", ctx.hash("address", email));
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

/**
 * Signs in with a password; returns the cookies. Tries are counted by where they come from and by
 * the address they guess at, so that guessing from many places is slow too; links still work then.
 */
export async function signInWithPassword(
  ctx: RequestContext,
  request: Request,
  { email, password }: { email: string; password: string },
  language: Language,
): Promise<Headers> {
  await ctx.limits.hit("signIn", ctx.clientKey);
  await ctx.limits.hit("account", ctx.hash("guess", email));
  const result = await ctx.auth.signIn(request.headers, email, password);
  if (!result.ok) throw new AppError(422, result.key);
  await ensurePerson(ctx, result.accountId, language);
  return result.headers;
}

/** Uses up a mailed link. Null when it was used or is too old; `joined` at somebody's first sign-in. */
export async function openMailedLink(
  ctx: RequestContext,
  request: Request,
  token: string,
  language: Language,
): Promise<{ headers: Headers; joined: boolean } | null> {
  await ctx.limits.hit("signIn", ctx.clientKey);
  const result = await ctx.auth.openLink(request.headers, token);
  if (!result.ok) return null;
  const { joined } = await ensurePerson(ctx, result.accountId, language);
  return { headers: result.headers, joined };
}
