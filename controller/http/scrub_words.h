#pragma once

#include <string_view>

namespace splitdelivery::http {

/// Whether a word belongs to the vocabulary of the services that we talk to: field names, codes, flags
/// and the providers' own hosts as they are spelled, and the plain English of error messages in any
/// case. Only such words are recorded; none that could be a person's or a company's name may be
/// added.
/// Sources: Zoho's and DirectAdmin's API documentation, and answers seen in the field.
[[nodiscard]] bool isKnownWord(std::string_view word);

}  // namespace splitdelivery::http
