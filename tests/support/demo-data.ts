import { seedTemplate } from "./server.ts";

/** Before the browser tests: one seeding, copied by every server they start. */
export default seedTemplate;
