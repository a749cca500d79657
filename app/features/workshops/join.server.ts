import { parseWithZod } from "@conform-to/zod/v4";
import { data, redirect } from "@remix-run/node";
import type { RequestContext } from "../../context.ts";
import { Invalid, NotFound } from "../../errors.ts";
import { formOf, refused } from "../../request.server.ts";
import { speakerOf } from "../inputs/speaker.server.ts";
import { join } from "./members.server.ts";
import { joinForm } from "./workshops.ts";

/** Takes the form that joins, and leads into the copy; a browser without a key is given one. */
export async function joinFrom(ctx: RequestContext, request: Request) {
  const submission = parseWithZod(await formOf(request), { schema: joinForm });
  if (submission.status !== "success") return data(submission.reply(), { status: 422 });
  try {
    const { actor, headers } = await speakerOf(ctx, request);
    const { id } = await join(ctx, actor, submission.value);
    return redirect(`/workshops/${id}`, { headers });
  } catch (error) {
    // No such code is a slip of the fingers: said at its field, with the form still there.
    const slip = error instanceof NotFound && submission.value.token === null;
    return refused(submission, slip ? new Invalid(error.text.key, undefined, "code") : error);
  }
}
