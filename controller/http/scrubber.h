#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace splitdelivery::http {

/// Takes out of remote answers everything that says whose they are, and leaves their form.
///
/// Only words of the vocabulary (scrub_words.h), numbers of at most three digits that stand alone and
/// punctuation pass. All else is replaced, the same by the same as long as this object lives, so that it
/// still shows what belongs together:
///   anna@example.com     user1@domain1.example
///   zoho.example.com     zoho.domain1.example      a label in front that is no known word: sub1
///   anna, Anna           word1                     the number that she has as user1
///   6123450000000008002  1000000000000000001       as long as it was
///   a word of more than 20 characters              as many x
/// One lexer for JSON, forms and plain text, which never fails: in a broken body strings end too late
/// or too early, and what they hold is scrubbed all the same. Of HTML the title alone is left.
class Scrubber {
 public:
  [[nodiscard]] std::string body(std::string_view text);
  /// A path with its query: "/api/organization/10000001/accounts?start=0".
  [[nodiscard]] std::string path(std::string_view text);
  /// One value, such as a header's. Plain ASCII without quotes, backslashes and control characters.
  [[nodiscard]] std::string value(std::string_view text);

 private:
  using Numbers = std::map<std::string, std::size_t, std::less<>>;

  [[nodiscard]] std::string html(std::string_view text);
  std::size_t quoted(std::string_view text, std::size_t start, std::string& out);
  [[nodiscard]] std::string bare(std::string_view text);
  [[nodiscard]] std::string encoded(std::string_view text);
  [[nodiscard]] std::string run(std::string_view text);
  [[nodiscard]] std::string word(std::string_view text);
  [[nodiscard]] std::string email(std::string_view text, std::size_t at);
  [[nodiscard]] std::string domain(std::string_view text);
  [[nodiscard]] std::string number(std::string_view text);

  Numbers names_;  ///< local parts and other words
  Numbers domains_;
  Numbers labels_;
  Numbers numbers_;
};

}  // namespace splitdelivery::http
