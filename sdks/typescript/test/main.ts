/**
 * The main job with prompts, the marketplace and versions against a live server (tests/sdks/test_typescript.py):
 * `node main.js URL KEY OTHER_KEY`. What does not hold throws.
 */

import assert from "node:assert/strict";

import { createGuildhall, GuildhallError, type JobEvent, value } from "../src/index.js";

const [url, key, otherKey] = process.argv.slice(2) as [string, string, string];
let streams = 0;

/** A network that cuts the first two streams short. */
const cutting: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (!String(input).endsWith("/events") || ++streams > 2 || !response.body) return response;
  let left = 1500 * streams;
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) controller.error(new TypeError("cut"));
    },
  });
  return new Response(response.body.pipeThrough(cut), { status: response.status, headers: response.headers });
};

const ours = createGuildhall({ url, apiKey: key, fetch: cutting });
const other = createGuildhall({ url, apiKey: otherKey });

async function author(): Promise<string> {
  const task = "Create a skill about writing database migrations that can be rolled back, for backend developers";
  const started = await value(
    ours.fleet.POST("/api/v1/skills", {
      body: { task_description: task, enable_hitl_confirm: true, enable_hitl_preview: true, enable_hitl_review: true },
    }),
  );
  const path = { job_id: started.job_id };
  const numbers: number[] = [];
  const asked: string[] = [];
  for await (const event of ours.jobEvents(started.job_id)) {
    if ("sequence" in event && event.sequence > 0) numbers.push(event.sequence);
    if (event.type === "hitl_required") {
      asked.push(event.data.prompt_type);
      await answer(path, event);
    }
    if (event.type === "completed") assert.ok(event.data.result.skill_content);
  }
  assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b), "once and in order, over all connections");
  assert.ok(streams >= 3, "the stream was cut and resumed");
  assert.ok(["confirm", "preview", "review"].every((kind) => asked.includes(kind)), asked.join());
  const job = await value(ours.fleet.GET("/api/v1/jobs/{job_id}", { params: { path } }));
  assert.equal(job.status, "completed");
  const promoted = await value(ours.fleet.POST("/api/v1/drafts/{job_id}/promote", { params: { path } }));
  assert.equal(promoted.version, "1.0.0");
  return promoted.skill_id;
}

async function answer(path: { job_id: string }, event: Extract<JobEvent, { type: "hitl_required" }>): Promise<void> {
  const { prompt_id, data } = event.data;
  const answers = Object.fromEntries((data.questions ?? []).map((one) => [one.id, one.options[0] ?? "Everything"]));
  const body = data.questions ? { prompt_id, answers } : { prompt_id, action: "proceed" };
  const outcome = await value(ours.fleet.POST("/api/v1/hitl/{job_id}/response", { params: { path }, body }));
  assert.equal(outcome.status, "received");
}

async function versions(slug: string): Promise<void> {
  const skill = { path: { skill_id: slug } };
  const cut = await value(
    ours.code.POST("/api/code/v1/skills/{skill_id}/versions", {
      params: skill,
      body: { version: "1.1.0", content: "# Migrations\n", changes: ["Shorter"] },
    }),
  );
  assert.deepEqual([cut.data.version, cut.data.changes], ["1.1.0", ["Shorter"]]);
  const list = await value(ours.code.GET("/api/code/v1/skills/{skill_id}/versions", { params: skill }));
  assert.deepEqual(list.data.map((one) => one.version), ["1.1.0", "1.0.0"]);
  const path = { skill_id: slug, number: "1.0.0", other: "latest" };
  const diff = await value(
    ours.code.GET("/api/code/v1/skills/{skill_id}/versions/{number}/diff/{other}", { params: { path } }),
  );
  assert.match(diff.data.content, /\+# Migrations/);
}

async function trade(slug: string): Promise<void> {
  const page = await value(ours.agent.GET("/agent/api/skills", { params: { query: { status: "active", limit: 100 } } }));
  const skill = page.skills.find((one) => one.slug === slug);
  assert.ok(skill);
  await value(
    ours.agent.POST("/agent/api/skills/{skill_id}/publish", { params: { path: { skill_id: skill.id } } }),
  );
  const offers = await value(
    other.agent.POST("/agent/api/skills/marketplace/search", { body: { query: "database migration" } }),
  );
  const offer = offers[0];
  assert.ok(offer);
  const params = { path: { skill_id: offer.skillId } };
  const copy = await value(other.agent.POST("/agent/api/skills/{skill_id}/install", { params }));
  assert.deepEqual([copy.client_id, copy.content], ["99", skill.content]);
  await assert.rejects(
    value(other.agent.POST("/agent/api/skills/{skill_id}/install", { params })),
    (refusal) => refusal instanceof GuildhallError && refusal.status === 409 && /already installed/.test(refusal.message),
  );
  const found = await value(other.agent.POST("/agent/api/skills/search", { body: { query: "database migration" } }));
  assert.ok(found.some((one) => one.id === copy.id));
}

async function refusals(): Promise<void> {
  const stranger = createGuildhall({ url, apiKey: "kam_wrong" });
  const isRefused = (refusal: unknown) => refusal instanceof GuildhallError && refusal.status === 401;
  await assert.rejects(value(stranger.code.GET("/api/code/v1/skills", {})), isRefused);
  await assert.rejects(stranger.jobEvents("f47ac10b-58cc-4372-a567-0e02b2c3d479").next(), isRefused);
}

const slug = await author();
await versions(slug);
await trade(slug);
await refusals();
console.log(`passed: ${slug}`);
