#pragma once

#include <optional>
#include <string_view>

#include "api/forwarder.h"
#include "mailserver/directadmin/answer.h"

namespace splitdelivery::mailserver::directadmin {

/// The forwarders of a domain (canonical) from the answer to their listing; nullopt when the answer is
/// something else. `Forwarder::name` is always filled.
///
/// Seen: `{"anna":["a@x","b@x"]}`, `{"anna":"a@x,b@x"}`, `anna=a%40x%2Cb%40x`; for an empty list `{}`,
/// `[]` or nothing said (see Answer). Destinations may be addresses, `:fail:`, `:blackhole:`, a pipe in
/// quotation marks, a file, or a bare account name; an array holds any text, for one odd forwarder must
/// not hide the others. A bare value that is no such destination makes this no list.
///
/// A trap: local parts are keys, beside the keys of messages. In JSON the forwarder named `error` is an
/// array while a message is a string, so a string under a message's key makes this no list. A form
/// cannot tell them apart: the forwarders named `text` and `details` are taken as such, and any `error`
/// makes it no list.
[[nodiscard]] std::optional<api::Forwarders> parseForwarders(const Answer& answer, std::string_view domain);

}  // namespace splitdelivery::mailserver::directadmin
