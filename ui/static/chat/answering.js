// The answer to a question as it comes: a line of JSON each time, see ui/answering.py. Throws what
// fetch does where no server answers; where it answers with an error, that has its `status`.
async function* answers(asked, signal) {
  const response = await fetch(`${ROOT}/answer`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
    signal,
  });
  if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let begun = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (begun + value).split("\n");
    begun = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}
