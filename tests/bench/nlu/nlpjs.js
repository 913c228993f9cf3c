// nlp.js as its documentation uses it, without what has no part in understanding (log, sentiment,
// a model file written by itself): `node nlpjs.js train SENTENCES MODEL`, or
// `node nlpjs.js read MODEL SENTENCES RESULT`. Sentences are a JSON list of objects with `text`.

const fs = require('fs');
const { LangFr } = require('@nlpjs/lang-fr');
const { NlpManager } = require('node-nlp');

const REFUSAL = 'None';
const FIRST_MESSAGE = 'bonjour';

function newManager() {
  const manager = new NlpManager({
    languages: ['fr'],
    autoSave: false,
    calculateSentiment: false,
    nlu: { log: false },
  });
  manager.container.use(LangFr);
  return manager;
}

async function train(sentencesFile, modelFile) {
  const manager = newManager();
  for (const { text, intent } of JSON.parse(fs.readFileSync(sentencesFile, 'utf8'))) {
    manager.addDocument('fr', text, intent);
  }
  await manager.train();
  fs.writeFileSync(modelFile, manager.export());
}

async function understand(manager, text) {
  const { intent } = await manager.process('fr', text);
  return intent === REFUSAL ? 'nlu_fallback' : intent;
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function read(modelFile, sentencesFile, resultFile) {
  const manager = newManager();
  manager.import(fs.readFileSync(modelFile, 'utf8'));
  await understand(manager, FIRST_MESSAGE);
  const readyAt = Date.now() / 1000;
  const readyCpu = cpuSeconds();
  const intents = [];
  const milliseconds = [];
  for (const { text } of JSON.parse(fs.readFileSync(sentencesFile, 'utf8'))) {
    const start = performance.now();
    intents.push(await understand(manager, text));
    milliseconds.push(performance.now() - start);
  }
  const result = {
    ready_at: readyAt,
    load_cpu_s: readyCpu,
    cpu_s: cpuSeconds() - readyCpu,
    intents,
    milliseconds,
    memory_mb: Math.round(process.memoryUsage().rss / 1024 / 1024),
  };
  fs.writeFileSync(resultFile, JSON.stringify(result));
}

const [command, ...files] = process.argv.slice(2);
({ train, read })[command](...files);
