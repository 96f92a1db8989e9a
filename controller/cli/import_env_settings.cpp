#include "cli/import_env_settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "api/suggest.h"
#include "api/url.h"
#include "api/zoho_hosts.h"
#include "base/text.h"
#include "source/folder/env_file.h"

namespace splitdelivery::cli {
namespace {

using source::folder::EnvFile;
using source::folder::EnvVariable;
using std::chrono::seconds;

constexpr std::uint16_t kDirectAdminPort = 2222;
constexpr std::size_t kLongestOrganizationId = 20;
constexpr std::array<std::string_view, 10> kRead{"CLIENT_ID",         "CLIENT_SECRET", "ORGANIZATION_ID", "USER_ID",
                                                 "PASSWORD",          "SERVER",        "CRON_SCHEDULE",   "DATA_CENTER",
                                                 "ZOHO_ACCOUNTS_URL", "ZOHO_MAIL_URL"};
/// Of --from-env and other flags, in the same file.
constexpr std::string_view kOurs = "SPLITDELIVERY_";
/// The script's, and without a meaning here.
constexpr std::array<std::string_view, 2> kPassedOver{"LOG_LEVEL", "TZ"};

/// How often `*/N * * * *` and its kin run; none for a schedule that is no plain interval.
std::optional<seconds> intervalOf(std::string_view schedule) {
  const auto everyN = [&](std::string_view before, std::string_view behind, int most) -> std::optional<int> {
    if (!schedule.starts_with(before) || !schedule.ends_with(behind)) return std::nullopt;
    const auto digits = schedule.substr(before.size(), schedule.size() - before.size() - behind.size());
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    return whole && number >= 1 && number <= most ? std::optional(number) : std::nullopt;
  };
  if (schedule == "* * * * *") return seconds{60};
  if (schedule == "0 * * * *" || schedule == "@hourly") return seconds{3600};
  if (const auto minutes = everyN("*/", " * * * *", 59)) return std::chrono::minutes{*minutes};
  if (const auto hours = everyN("0 */", " * * *", 23)) return std::chrono::hours{*hours};
  return std::nullopt;
}

/// A schedule with one blank between its fields.
std::string tidied(std::string_view schedule) {
  std::string tidy;
  for (const char c : schedule) {
    const bool blank = c == ' ' || c == '\t';
    if (!blank) tidy += c;
    if (blank && !tidy.empty() && tidy.back() != ' ') tidy += ' ';
  }
  if (tidy.ends_with(' ')) tidy.pop_back();
  return tidy;
}

class Reading {
 public:
  Reading(EnvFile file, EnvOrigin origin) : file_(std::move(file)), inFile_(origin == EnvOrigin::File) {
    settings_.notes = std::move(file_.notes);
  }

  tl::expected<ScriptSettings, std::vector<std::string>> read() {
    if (inFile_) noteStrangers();
    settings_.zohoSecret = secret("zoho", {{"clientId", "CLIENT_ID"}, {"clientSecret", "CLIENT_SECRET"}});
    settings_.directAdminSecret = secret("directadmin", {{"username", "USER_ID"}, {"loginKey", "PASSWORD"}});
    readOrganization();
    readDataCenter();
    readServer();
    readSchedule();
    if (!errors_.empty()) return tl::unexpected(std::move(errors_));
    return std::move(settings_);
  }

 private:
  [[nodiscard]] const EnvVariable* find(std::string_view name) const {
    const auto found = std::ranges::find(file_.variables, name, &EnvVariable::name);
    return found == file_.variables.end() || found->value.empty() ? nullptr : &*found;
  }

  std::string required(std::string_view name) {
    if (const auto* found = find(name)) return found->value;
    const bool empty = std::ranges::find(file_.variables, name, &EnvVariable::name) != file_.variables.end();
    errors_.push_back(std::string(name) + (empty ? " is empty" : " is missing") +
                      (inFile_ ? ": the script needs it too"
                               : ": set it in the environment, as the script has it (docker run --env-file .env)"));
    return {};
  }

  void noteStrangers() {
    for (const auto& variable : file_.variables) {
      const std::string_view name = variable.name;
      if (std::ranges::find(kRead, name) != kRead.end() || name.starts_with(kOurs)) continue;
      const bool passedOver = std::ranges::find(kPassedOver, name) != kPassedOver.end();
      settings_.notes.push_back("line " + std::to_string(variable.line) + ": " + variable.name +
                                (passedOver ? " has no meaning here" : " is not one of the script's") +
                                (passedOver ? "" : api::didYouMean(name, kRead)));
    }
  }

  api::SecretObject secret(const std::string& name, std::initializer_list<std::pair<const char*, const char*>> keys) {
    api::SecretObject object{.key = {"default", name}, .values = {}};
    for (const auto& [key, variable] : keys) object.values.emplace(key, base::Secret(required(variable)));
    return object;
  }

  void readOrganization() {
    auto& id = settings_.zoho.organizationId;
    id = required("ORGANIZATION_ID");
    settings_.zoho.credentialsSecret = settings_.zohoSecret.key.name;
    if (id.size() > kLongestOrganizationId || id.find_first_not_of("0123456789") != std::string::npos) {
      errors_.emplace_back(
          "ORGANIZATION_ID must be digits alone: the number under Organization, Profile in Zoho's "
          "mail admin console");
    }
  }

  void readDataCenter() {
    const auto* given = find("DATA_CENTER");
    const auto hosts = api::zohoHosts(given != nullptr ? given->value : "us");
    if (!hosts) {
      std::string known;
      for (const auto& one : api::allZohoHosts()) known += " " + std::string(one.dataCenter);
      errors_.push_back("DATA_CENTER must be one of" + known);
      return;
    }
    settings_.zoho.dataCenter = hosts->dataCenter;
    settings_.zoho.accountsUrl = zohoUrl("ZOHO_ACCOUNTS_URL", hosts->accountsUrl);
    settings_.zoho.mailUrl = zohoUrl("ZOHO_MAIL_URL", hosts->mailUrl);
    if (given == nullptr) {
      settings_.notes.push_back("the data centre is taken to be us, as the script has it; " +
                                std::string(inFile_ ? "add" : "set") + " DATA_CENTER=eu (in au jp ca cn sa uk ae)" +
                                (inFile_ ? " to the file" : "") + " for another");
    }
  }

  std::string zohoUrl(std::string_view name, std::string_view usual) {
    const auto* given = find(name);
    if (given == nullptr) return std::string(usual);
    const auto url = api::parseServerUrl(given->value);
    if (url) return url->text();
    errors_.push_back(std::string(name) + ": " + url.error().message);
    return {};
  }

  void readServer() {
    std::string text = required("SERVER");
    settings_.directAdmin.credentialsSecret = settings_.directAdminSecret.key.name;
    if (text.empty()) return;
    if (text.find("://") == std::string::npos) text.insert(0, "https://");
    const auto url = api::parseServerUrl(text);
    if (!url) {
      errors_.push_back("SERVER: " + url.error().message);
      return;
    }
    settings_.directAdmin.server = url->textWithPort(kDirectAdminPort);
  }

  void readSchedule() {
    const auto* schedule = find("CRON_SCHEDULE");
    if (schedule == nullptr) return;
    if (const auto interval = intervalOf(tidied(schedule->value))) {
      settings_.interval = *interval;
      return;
    }
    if (!inFile_) {
      errors_.emplace_back(
          "CRON_SCHEDULE is no plain interval such as */10 * * * *: write one, or take it out for every five minutes");
      return;
    }
    settings_.notes.push_back("line " + std::to_string(schedule->line) +
                              ": CRON_SCHEDULE is no plain interval such as */10 * * * *, so interval stays 5m");
  }

  EnvFile file_;
  bool inFile_;
  ScriptSettings settings_;
  std::vector<std::string> errors_;
};

EnvVariable scriptVariable(std::string_view name, std::string_view value, std::vector<std::string>& notes) {
  value = base::trimmed(value, " \t\r\n");
  const bool quoted =
      value.size() >= 2 && value.front() == value.back() && (value.front() == '"' || value.front() == '\'');
  if (quoted) {
    value = value.substr(1, value.size() - 2);
    notes.push_back(std::string(name) +
                    " stands in quotes, which docker run --env-file leaves there: they are taken off");
  } else if (value.find(" #") != std::string_view::npos) {
    notes.push_back(std::string(name) + " has a # behind a blank in it: where that was to be a comment, take it out, " +
                    "for docker run --env-file makes it part of the value");
  }
  return {.name = std::string(name), .value = std::string(value)};
}

}  // namespace

tl::expected<ScriptSettings, std::vector<std::string>> readScriptSettings(EnvFile variables, EnvOrigin origin) {
  return Reading(std::move(variables), origin).read();
}

tl::expected<ScriptSettings, std::vector<std::string>> readScriptSettings(std::string_view envFile) {
  return readScriptSettings(source::folder::readEnvFile(envFile), EnvOrigin::File);
}

EnvFile scriptVariables(const char* const* environment) {
  EnvFile found;
  for (; *environment != nullptr; ++environment) {
    const std::string_view line = *environment;
    const auto equals = line.find('=');
    const auto name = line.substr(0, equals);
    if (equals == std::string_view::npos || std::ranges::find(kRead, name) == kRead.end()) continue;
    found.variables.push_back(scriptVariable(name, line.substr(equals + 1), found.notes));
  }
  return found;
}

}  // namespace splitdelivery::cli
