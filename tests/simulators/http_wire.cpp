#include "simulators/http_wire.h"

#include <array>
#include <charconv>
#include <utility>

namespace splitdelivery::simulators {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view nextLine(std::string_view& text) {
  const auto end = text.find(kLineEnd);
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + kLineEnd.size());
  return line;
}

std::string_view reasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 302:
      return "Found";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Simulated";
  }
}

std::string hex(std::size_t value) {
  std::array<char, 16> digits{};
  auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  return {digits.data(), end};
}

}  // namespace

RequestReader::State RequestReader::feed(std::string_view bytes) {
  buffer_ += bytes;
  return parse();
}

RequestReader::State RequestReader::parse() {
  if (!hasHead_) {
    const auto end = buffer_.find(kHeadEnd);
    if (end == std::string::npos) return buffer_.size() > kHeadLimit ? State::Broken : State::NeedsMore;
    if (!parseHead(std::string_view(buffer_).substr(0, end))) return State::Broken;
    buffer_.erase(0, end + kHeadEnd.size());
    hasHead_ = true;
  }
  return buffer_.size() < bodyLength_ ? State::NeedsMore : State::Ready;
}

bool RequestReader::parseHead(std::string_view head) {
  const std::string_view first = nextLine(head);
  const auto method = first.find(' ');
  const auto version = first.rfind(' ');
  if (method == std::string_view::npos || version <= method) return false;
  if (first.substr(version + 1) != "HTTP/1.1") return false;

  Headers headers;
  while (!head.empty()) {
    const auto line = nextLine(head);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    headers[lowerCase(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
  }
  if (!headers.contains("host") || headers.contains("transfer-encoding")) return false;

  bodyLength_ = 0;
  if (const auto at = headers.find("content-length"); at != headers.end()) {
    const char* const last = at->second.data() + at->second.size();
    const auto [end, error] = std::from_chars(at->second.data(), last, bodyLength_);
    if (error != std::errc() || end != last || bodyLength_ > kBodyLimit) return false;
  }
  const auto connection = headers.find("connection");
  keepsAlive_ = connection == headers.end() || lowerCase(connection->second) != "close";
  request_ = Request::make(std::string(first.substr(0, method)),
                           std::string(first.substr(method + 1, version - method - 1)), std::move(headers));
  return true;
}

Request RequestReader::take() {
  hasHead_ = false;
  request_.body = buffer_.substr(0, bodyLength_);
  buffer_.erase(0, bodyLength_);
  return std::exchange(request_, {});
}

std::string responseHead(const Reply& reply, std::optional<std::size_t> length, bool keepAlive) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
  head += reasonPhrase(reply.status);
  head += kLineEnd;
  for (const auto& [name, value] : reply.headers) head.append(name).append(": ").append(value).append(kLineEnd);
  head += length ? "content-length: " + std::to_string(*length) + "\r\n" : "transfer-encoding: chunked\r\n";
  if (!keepAlive) head += "connection: close\r\n";
  head += kLineEnd;
  return head;
}

std::string chunk(std::string_view bytes) {
  std::string framed = hex(bytes.size());
  framed += kLineEnd;
  framed += bytes;
  framed += kLineEnd;
  return framed;
}

}  // namespace splitdelivery::simulators
