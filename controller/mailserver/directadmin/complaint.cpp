#include "mailserver/directadmin/complaint.h"

#include <algorithm>
#include <array>
#include <vector>

#include "mailserver/directadmin/ascii.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using base::ErrorKind;
using nlohmann::json;

/// Current versions write `error` and `result`, older ones `text` and `details`.
constexpr std::array<std::string_view, 4> kTexts{"error", "text", "details", "result"};

template <std::size_t N>
bool containsAny(std::string_view words, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [words](std::string_view part) { return contains(words, part); });
}

bool isNothing(std::string_view value) {
  return value.empty() || value == "0";
}

bool isError(const json& value) {
  if (value.is_string()) return !isNothing(trimmed(value.get_ref<const std::string&>()));
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  return value.is_object();
}

bool isFailure(const json& success) {
  if (success.is_boolean()) return !success.get<bool>();
  if (!success.is_string()) return false;
  const std::string said = lowered(success.get_ref<const std::string&>());
  return said == "no" || said == "false" || said == "0";
}

bool saysForeignDomain(std::string_view words) {
  return containsAny<2>(words, {"do not own", "does not belong to you"});
}

bool saysMissing(std::string_view words) {
  return containsAny<3>(words, {"not exist", "n't exist", "no such"});
}

/// What one word or one address is made of.
bool isWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || contains(".-_@+%", std::string_view(&c, 1));
}

/// Whether one of `hints` stands in `words` by itself, and not inside of another word or an address.
template <std::size_t N>
bool saysWord(std::string_view words, const std::array<std::string_view, N>& hints) {
  while (!words.empty()) {
    const auto* const end = std::find_if_not(words.begin(), words.end(), isWordCharacter);
    std::string_view word = words.substr(0, static_cast<std::size_t>(end - words.begin()));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    while (word.ends_with('.')) word.remove_suffix(1);
    if (std::find(hints.begin(), hints.end(), word) != hints.end()) return true;
  }
  return false;
}

/// The domain, the local parts and the destinations of a command in lower case, longer ones first, so
/// that an address goes before its parts.
std::vector<std::string> namesIn(const Command& command) {
  std::vector<std::string> names;
  for (const auto& [key, value] : command.fields) {
    if (key == "action") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::string_view name = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), name.size() + 1));
      if (!name.empty()) names.push_back(lowered(name));
    }
  }
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return names;
}

/// `words` without the names that it quotes: they are people's words and say nothing about the refusal.
std::string withoutNames(std::string words, const Command& command) {
  for (const std::string& name : namesIn(command)) {
    for (std::size_t at = words.find(name); at != std::string::npos; at = words.find(name, at + 1)) {
      const bool startsInWord = at > 0 && isWordCharacter(words[at - 1]);
      const std::size_t end = at + name.size();
      const bool endsInWord = end + 1 < words.size() && isWordCharacter(words[end]) && isWordCharacter(words[end + 1]);
      if (!startsInWord && !endsInWord) words.replace(at, name.size(), 1, ' ');
    }
  }
  return words;
}

}  // namespace

std::optional<Complaint> complaintIn(const json& body) {
  if (!body.is_object()) return std::nullopt;
  const auto error = body.find("error");
  const auto success = body.find("success");
  const bool complains = (error != body.end() && isError(*error)) || (success != body.end() && isFailure(*success));
  if (!complains) return std::nullopt;
  Complaint complaint;
  for (const std::string_view key : kTexts) {
    const auto text = body.find(key);
    if (text != body.end() && text->is_string()) complaint.words += lowered(text->get_ref<const std::string&>()) + "\n";
  }
  return complaint;
}

std::optional<Complaint> complaintIn(const FormFields& fields) {
  const std::string* error = findField(fields, "error");
  if (error == nullptr || isNothing(trimmed(*error))) return std::nullopt;
  Complaint complaint;
  for (const std::string_view key : kTexts) {
    if (const std::string* text = findField(fields, key)) complaint.words += lowered(*text) + "\n";
  }
  return complaint;
}

bool saysRefused(std::string_view words) {
  return containsAny<3>(words, {"not logged in", "does not exist in your authority level", "directadmin login"});
}

base::Error explain(const Complaint& complaint, const Command& command, const std::string& server) {
  const std::string& words = complaint.words;
  const bool read = command.effect == Effect::Read;
  // Seen for a foreign domain in a read; a write gets the same first line for other reasons too.
  const bool unknownDomain = read && (contains(words, "could not execute your request") || saysMissing(words));
  if (!command.domain.empty() && (saysForeignDomain(words) || unknownDomain)) {
    return {ErrorKind::Stall, "DomainNotOnServer",
            "the account at " + server + " does not have the domain " + command.domain +
                ": add it there, or correct the server, the user or spec.domain"};
  }
  const bool aboutForwarders = !read && command.name == kForwarders;
  const std::string hints = aboutForwarders ? withoutNames(words, command) : std::string{};
  if (saysWord<5>(hints, {"limit", "limits", "exceed", "exceeds", "exceeded"})) {
    return {ErrorKind::Refuse, "ForwarderLimitReached",
            server + " has no room for " + command.about +
                ": raise the account's limit of forwarders, or remove some that nobody needs"};
  }
  if (saysWord<3>(hints, {"exist", "exists", "existing"}) && !saysMissing(words)) {
    return {ErrorKind::Refuse, "AlreadyExists",
            server + " says that there is already one under the name of " + command.about +
                "; the next listing shows whose it is"};
  }
  return {ErrorKind::Refuse, "RefusedByServer",
          server + " refused " + std::string(command.name) + " for " + command.about +
              ": try the same by hand in its panel to see why"};
}

}  // namespace splitdelivery::mailserver::directadmin
