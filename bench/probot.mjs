// probot with one handler that does nothing: what our doors are compared with.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createNodeMiddleware, createProbot } from "probot";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const probot = createProbot({
  overrides: { appId: 1, privateKey, secret: process.env.SECRET, logLevel: "error" },
});
const middleware = await createNodeMiddleware(
  (app) => app.on("issue_comment.created", async () => {}),
  { probot, webhooksPath: "/webhooks/github" },
);
createServer(middleware).listen(Number(process.env.PORT), "127.0.0.1");
