#include "simulators/directadmin_answers.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace splitdelivery::simulators {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kLoginPage =
    "<!doctype html>\n<html><head><title>DirectAdmin Login</title></head><body><form action=\"/CMD_LOGIN\" "
    "method=\"POST\"></form></body></html>\n";

Json object(const Fields& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[name] = value;
  return json;
}

Reply html(int status, const std::string& directAdmin) {
  Reply reply{.status = status, .headers = {{"content-type", "text/html"}}, .body = kLoginPage};
  if (!directAdmin.empty()) reply.headers["x-directadmin"] = directAdmin;
  return reply;
}

}  // namespace

void answerBody(Reply& reply, bool json, std::string body) {
  reply.headers["content-type"] = json ? "application/json" : "text/plain";
  reply.body = std::move(body);
}

void answerSuccess(Reply& reply, bool json, std::string_view text, std::string_view details) {
  if (json) return answerBody(reply, true, Json{{"result", details}, {"success", text}}.dump());
  answerBody(reply, false,
             Fields{{"error", "0"}, {"text", std::string(text)}, {"details", std::string(details)}}.encode());
}

void answerFailure(Reply& reply, bool json, int status, std::string_view text, std::string_view details) {
  reply.status = status;
  if (json) return answerBody(reply, true, Json{{"error", text}, {"result", details}}.dump());
  answerBody(reply, false,
             Fields{{"error", "1"}, {"text", std::string(text)}, {"details", std::string(details)}}.encode());
}

void answerList(Reply& reply, bool json, const std::vector<std::string>& values) {
  if (json) return answerBody(reply, true, Json(values).dump());
  std::string form;
  for (const auto& value : values) form += (form.empty() ? "list[]=" : "&list[]=") + percentEncode(value);
  answerBody(reply, false, form);
}

void answerTable(Reply& reply, bool json, const Fields& values) {
  answerBody(reply, json, json ? object(values).dump() : values.encode());
}

void answerRows(Reply& reply, bool json, const std::vector<std::pair<std::string, Fields>>& rows) {
  Json table = Json::object();
  Fields form;
  for (const auto& [name, values] : rows) {
    table[name] = object(values);
    form.add(name, values.encode());
  }
  answerBody(reply, json, json ? table.dump() : form.encode());
}

Reply refusal(DaBehavior::Refusal form, bool json) {
  switch (form) {
    case DaBehavior::Refusal::LoginPage:
      return html(200, {});
    case DaBehavior::Refusal::Header:
      return html(200, "Unauthorized");
    case DaBehavior::Refusal::Redirect: {
      Reply reply{.status = 302, .headers = {{"location", "/evo/login"}, {"content-type", "text/html"}}};
      return reply;
    }
    case DaBehavior::Refusal::Unauthorized:
      break;
  }
  Reply reply{.status = 401};
  answerBody(reply, json,
             json ? R"({"error":"Not logged in","success":"no"})" : "details=Unauthorized&error=1&text=Not+logged+in");
  return reply;
}

Reply banPage(DaBehavior::Ban form) {
  return form == DaBehavior::Ban::Header ? html(200, "blacklisted") : html(200, {});
}

}  // namespace splitdelivery::simulators
