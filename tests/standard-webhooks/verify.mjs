// Verifies messages with the public library of Standard Webhooks. On the standard input is a JSON list of {secret, headers, body, ahead},
// where the receiver's clock is some seconds ahead; on the standard output comes what the library returned for each, or threw.
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

const now = Date.now;
const outcomes = JSON.parse(await text(process.stdin)).map(({ secret, headers, body, ahead }) => {
  Date.now = () => now() + 1000 * ahead;
  try {
    return { payload: new Webhook(secret).verify(body, headers) };
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(outcomes));
