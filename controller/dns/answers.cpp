#include "dns/answers.h"

#include <ares.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/ascii.h"

namespace splitdelivery::dns {
namespace {

struct Freed {
  void operator()(void* parsed) const { ares_free_data(parsed); }
};
template <class Reply>
using Parsed = std::unique_ptr<Reply, Freed>;

/// Calls one of c-ares' parsers. Nothing but its status when it finds fault with the message.
template <class Reply, class Parser>
int parse(Parser parser, Message message, Parsed<Reply>& parsed) {
  Reply* first = nullptr;
  const int status = parser(message.data(), static_cast<int>(message.size()), &first);
  parsed.reset(first);
  return status;
}

template <class Record>
Answer<Record> withoutRecords(int status) {
  if (status == ARES_SUCCESS || status == ARES_ENODATA) return {.outcome = Outcome::NoData};
  if (status == ARES_ENOTFOUND) return {.outcome = Outcome::NoSuchName};
  return {.outcome = Outcome::Failed, .failure = failureOf(status)};
}

template <class Record>
Answer<Record> withRecords(std::vector<Record> records) {
  if (records.empty()) return {.outcome = Outcome::NoData};
  return {.outcome = Outcome::Found, .records = std::move(records)};
}

std::string canonicalHost(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return base::lowered(host);
}

}  // namespace

Answer<MxRecord> readMx(int status, Message message) {
  Parsed<ares_mx_reply> parsed;
  if (status == ARES_SUCCESS) status = parse<ares_mx_reply>(ares_parse_mx_reply, message, parsed);
  if (status != ARES_SUCCESS) return withoutRecords<MxRecord>(status);
  std::vector<MxRecord> records;
  for (const auto* record = parsed.get(); record != nullptr; record = record->next) {
    records.push_back({.preference = record->priority, .host = canonicalHost(record->host)});
  }
  std::sort(records.begin(), records.end());
  return withRecords(std::move(records));
}

Answer<std::string> readTxt(int status, Message message) {
  Parsed<ares_txt_ext> parsed;
  if (status == ARES_SUCCESS) status = parse<ares_txt_ext>(ares_parse_txt_reply_ext, message, parsed);
  if (status != ARES_SUCCESS) return withoutRecords<std::string>(status);
  std::vector<std::string> records;
  for (const auto* part = parsed.get(); part != nullptr; part = part->next) {
    if (part->record_start != 0 || records.empty()) records.emplace_back();
    records.back().append(part->txt, part->txt + part->length);
  }
  return withRecords(std::move(records));
}

std::string failureOf(int status) {
  switch (status) {
    case ARES_ESERVFAIL:
      return "the resolvers could not find it out (SERVFAIL)";
    case ARES_EREFUSED:
      return "the resolvers refuse the question (REFUSED)";
    case ARES_ENOTIMP:
      return "the resolvers do not know this kind of question (NOTIMP)";
    case ARES_ETIMEOUT:
      return "the resolvers did not answer in time";
    case ARES_ECONNREFUSED:
      return "no resolver could be reached";
    case ARES_EBADNAME:
      return "this is no name that DNS could know";
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION:
      return "the question was given up before an answer came";
    case ARES_EFILE:
    case ARES_ENOMEM:
    case ARES_ENOTINITIALIZED:
      return "the resolver could not be set up: see to memory, open files and /etc/resolv.conf";
    default:
      // Broken answers come under several names: a bad count, a bad name, a text that runs over its end.
      return "the resolvers gave an answer that cannot be read";
  }
}

}  // namespace splitdelivery::dns
