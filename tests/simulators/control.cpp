#include "simulators/control.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace splitdelivery::simulators {
namespace {

using Json = nlohmann::json;

Reply jsonReply(int status, const Json& body) {
  return {.status = status, .headers = {{"content-type", "application/json"}}, .body = body.dump(2) + '\n'};
}

Reply wrong(int status, std::string_view why) {
  return jsonReply(status, {{"error", why}});
}

Reply done(std::string_view what) {
  return jsonReply(200, {{"done", what}});
}

/// `alias=a@x&alias=b@x`: every value of that name.
std::vector<std::string> values(const Fields& query, std::string_view name) {
  std::vector<std::string> all;
  for (const auto& [field, value] : query) {
    if (field == name) all.push_back(value);
  }
  return all;
}

/// "10 mx.zoho.com"; "0 ." is the null MX.
std::optional<dns::MxRecord> mxFrom(const std::string& text) {
  dns::MxRecord record;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, record.preference);
  if (error != std::errc() || end == last || *end != ' ' || end + 1 == last) return std::nullopt;
  record.host.assign(end + 1, last);
  if (record.host.ends_with('.')) record.host.pop_back();
  return record;
}

std::optional<std::vector<dns::MxRecord>> mxRecordsFrom(const Fields& query) {
  std::vector<dns::MxRecord> records;
  for (const std::string& text : values(query, "mx")) {
    auto record = mxFrom(text);
    if (!record) return std::nullopt;
    records.push_back(*std::move(record));
  }
  return records;
}

std::optional<Rule> ruleFrom(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    const auto kind = faultKind(json.at("kind").get<std::string>());
    if (!kind) return std::nullopt;
    Rule rule{.api = json.value("api", ""),
              .endpoint = json.value("endpoint", ""),
              .containing = json.value("containing", ""),
              .nth = json.value("nth", std::set<unsigned>())};
    rule.fault.kind = *kind;
    rule.fault.status = json.value("status", rule.fault.status);
    rule.fault.delay = std::chrono::milliseconds(json.value("delayMs", rule.fault.delay.count()));
    rule.fault.size = json.value("size", rule.fault.size);
    rule.fault.headers = json.value("headers", Headers());
    rule.fault.body = json.value("body", "");
    if (json.contains("effect")) rule.fault.effect = json.at("effect").get<bool>();
    return rule;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string_view controlHelp() {
  return R"(GET    /log                                   what was asked and changed (?mutations=0: counts only)
GET    /forwarders?domain=D                   the mail server's forwarders now
POST   /forwarders?domain=D&local=L&to=A      somebody else makes or changes one
DELETE /forwarders?domain=D&local=L           … or removes one
POST   /users?org=N&email=A[&alias=A]…[&name=T][&blocked=true]
                                              Zoho gets a user
DELETE /users?org=N&email=A                   … or loses one
GET    /dns?name=N                            what DNS has under a name
POST   /dns?name=N[&mx=10+H]…[&txt=T]…[&cname=N][&fault=F]
                                              replaces what is given: mx=0+. is the null MX; faults: None ServFail
                                              Refused NotImp Silent Garbage WrongId Broken Truncated Slow; name=* sets
                                              the fault of every name without one of its own
DELETE /dns?name=N                            … and takes everything away
POST   /faults                                {"api":"da","endpoint":"POST CMD_API_EMAIL_FORWARDERS","nth":[1],
                                               "kind":"Status","status":503}; all but "kind" may be left out. Kinds:
                                              Latency SlowBody (delayMs), Status (status, body), HugeBody (size),
                                              ResetBefore ResetAfter Hang Html Truncate EmptyList PartialList Redirect;
                                              also "containing", "headers", "effect"
DELETE /faults                                all is well again
)";
}

Reply Control::handle(const Request& request) const {
  using Handler = Reply (Control::*)(const Request&) const;
  static const std::map<std::string, Handler> handlers{
      {"GET /log", &Control::log},
      {"GET /forwarders", &Control::listForwarders},
      {"POST /forwarders", &Control::setForwarder},
      {"DELETE /forwarders", &Control::removeForwarder},
      {"POST /users", &Control::addUser},
      {"DELETE /users", &Control::removeUser},
      {"GET /dns", &Control::listRecords},
      {"POST /dns", &Control::setRecords},
      {"DELETE /dns", &Control::removeRecords},
      {"POST /faults", &Control::addFault},
      {"DELETE /faults", &Control::clearFaults},
  };
  const auto handler = handlers.find(request.method + ' ' + request.path);
  if (handler != handlers.end() && !request.malformed) return (this->*handler->second)(request);
  return {.status = request.target == "/" ? 200 : 404,
          .headers = {{"content-type", "text/plain; charset=utf-8"}},
          .body = std::string(controlHelp())};
}

Reply Control::log(const Request& request) const {
  const bool withMutations = request.query.value("mutations") != "0";
  return {.headers = {{"content-type", "application/json"}}, .body = world_.journal.log(withMutations) + '\n'};
}

Reply Control::listForwarders(const Request& request) const {
  const std::string domain = request.query.value("domain");
  if (!world_.da.hasDomain(domain)) return wrong(404, "the server does not host that domain");
  return jsonReply(200, Json(world_.da.forwarders(domain)));
}

Reply Control::setForwarder(const Request& request) const {
  const auto& query = request.query;
  const std::string domain = query.value("domain");
  if (!world_.da.hasDomain(domain)) return wrong(404, "the server does not host that domain");
  if (query.value("local").empty() || query.value("to").empty()) return wrong(400, "local and to are needed");
  world_.da.setForwarder(domain, query.value("local"), query.value("to"));
  return done("set");
}

Reply Control::removeForwarder(const Request& request) const {
  const std::string domain = request.query.value("domain");
  if (!world_.da.hasDomain(domain)) return wrong(404, "the server does not host that domain");
  if (!world_.da.forwarders(domain).contains(request.query.value("local"))) return wrong(404, "no such forwarder");
  world_.da.removeForwarder(domain, request.query.value("local"));
  return done("removed");
}

Reply Control::addUser(const Request& request) const {
  const auto& query = request.query;
  const std::string organization = query.value("org");
  if (!world_.zoho.hasOrganization(organization)) return wrong(404, "no such organisation");
  const std::string email = query.value("email");
  if (email.find('@') == std::string::npos) return wrong(400, "email is needed");
  world_.zoho.removeUser(organization, email);
  world_.zoho.addUser(organization, {.email = email,
                                     .aliases = values(query, "alias"),
                                     .incomingBlocked = query.value("blocked") == "true",
                                     .name = query.value("name")});
  return done("added");
}

Reply Control::removeUser(const Request& request) const {
  const std::string organization = request.query.value("org");
  if (!world_.zoho.hasOrganization(organization)) return wrong(404, "no such organisation");
  if (!world_.zoho.removeUser(organization, request.query.value("email"))) return wrong(404, "no such user");
  return done("removed");
}

Reply Control::listRecords(const Request& request) const {
  const std::string name = request.query.value("name");
  Json mx = Json::array();
  for (const auto& record : world_.dns.reply(name, DnsType::Mx).mx) {
    mx.push_back(std::to_string(record.preference) + ' ' + (record.host.empty() ? "." : record.host));
  }
  return jsonReply(200, {{"mx", mx},
                         {"txt", world_.dns.reply(name, DnsType::Txt).txt},
                         {"fault", nameOf(world_.dns.fault(name))},
                         {"questions", world_.dns.questions(name)}});
}

Reply Control::setRecords(const Request& request) const {
  const auto& query = request.query;
  const std::string name = query.value("name");
  const auto mx = mxRecordsFrom(query);
  const auto fault = dnsFault(query.has("fault") ? query.value("fault") : nameOf(DnsFault::None));
  if (name.empty() || !mx || !fault) return wrong(400, "name is needed, mx is PREFERENCE HOST, a fault one of GET /");
  if (name == "*") {
    if (!query.has("fault")) return wrong(400, "every name can be given a fault only");
    world_.dns.setFaultOfAll(*fault);
    return done("set");
  }
  if (query.has("mx")) world_.dns.setMx(name, *mx);
  if (query.has("txt")) world_.dns.setTxt(name, values(query, "txt"));
  if (query.has("cname")) world_.dns.setCname(name, query.value("cname"));
  if (query.has("fault")) world_.dns.setFault(name, *fault);
  return done("set");
}

Reply Control::removeRecords(const Request& request) const {
  if (!world_.dns.remove(request.query.value("name"))) return wrong(404, "no such name");
  return done("removed");
}

Reply Control::addFault(const Request& request) const {
  auto rule = ruleFrom(request.body);
  if (!rule) return wrong(400, "that is no fault: see GET /");
  world_.faults.add(std::move(*rule));
  return done("added");
}

Reply Control::clearFaults(const Request& /*request*/) const {
  world_.faults.clear();
  return done("cleared");
}

}  // namespace splitdelivery::simulators
