// telegram-test-api on loopback, with what it lacks of the real Bot API and the library of ours needs:
// the methods it does not know, long polling, seconds instead of milliseconds, the secret token at the webhook.
const http = require('http');
const express = require('express');
const TelegramServer = require('telegram-test-api');

const server = new TelegramServer({ port: 0, host: '127.0.0.1' });
const app = express();
app.use(express.urlencoded({ extended: true }));
app.use(express.json());

const me = { id: 666, is_bot: true, first_name: 'Jamin', username: 'TestNameBot' };
app.all('/bot:token/getMe', (request, response) => response.json({ ok: true, result: me }));
app.all('/bot:token/getWebhookInfo', (request, response) => {
  const { url = '' } = server.webhooks[request.params.token] || {};
  response.json({ ok: true, result: { url, has_custom_certificate: false, pending_update_count: 0 } });
});
for (const method of ['setMyCommands', 'setMyDescription', 'setMyShortDescription', 'sendChatAction'])
  app.all(`/bot:token/${method}`, (request, response) => response.json({ ok: true, result: true }));

// Its own answer comes at once; the real one waits for news.
app.all('/bot:token/getUpdates', (request, response, next) => {
  const until = Date.now() + 1000 * Math.min(Number(request.query.timeout || 0), 5);
  const waiting = () => server.storage.userMessages.some((u) => u.botToken === request.params.token && !u.isRead);
  const look = () => (Date.now() >= until || response.destroyed || waiting() ? next() : setTimeout(look, 20));
  look();
});

const addBotMessage = server.addBotMessage.bind(server);
server.addBotMessage = (message, token) => {
  delete message.link_preview_options; // it would give the text back, where the real one gives an object
  const added = addBotMessage(message, token);
  added.date = Math.floor(added.date / 1000);
  return added;
};
const formatUpdate = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  const formatted = formatUpdate(update);
  if (formatted.callback_query) formatted.callback_query.chat_instance = '1';
  return formatted;
};
server.addUserUpdate = async (update) => {
  const hook = server.webhooks[update.botToken];
  server.updateId++;
  if (!hook) return server.storage.userMessages.push(update);
  const headers = { 'content-type': 'application/json', 'X-Telegram-Bot-Api-Secret-Token': hook.secret_token };
  const body = JSON.stringify(TelegramServer.formatUpdate(update));
  return fetch(hook.url, { method: 'POST', headers, body }).catch((error) => console.error(String(error)));
};

app.use(server.webServer);
server.started = true;
const listening = http.createServer(app).listen(0, '127.0.0.1', () => console.log(listening.address().port));
