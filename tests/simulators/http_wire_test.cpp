#include "simulators/http_wire.h"

#include <gmock/gmock.h>

namespace splitdelivery::simulators {
namespace {

using State = RequestReader::State;

constexpr const char* kPost =
    "POST /CMD_API_POP?json=yes HTTP/1.1\r\nHost: localhost\r\nContent-Type:  text/plain \r\nContent-Length: "
    "3\r\n\r\nabc";

TEST(ARequestReader, ReadsARequestThatComesByteByByte) {
  RequestReader reader;
  const std::string_view bytes = kPost;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) ASSERT_EQ(reader.feed(bytes.substr(i, 1)), State::NeedsMore) << i;
  ASSERT_EQ(reader.feed(bytes.substr(bytes.size() - 1)), State::Ready);
  const Request request = reader.take();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/CMD_API_POP");
  EXPECT_EQ(request.query.value("json"), "yes");
  EXPECT_EQ(request.header("content-type"), "text/plain");
  EXPECT_EQ(request.body, "abc");
  EXPECT_TRUE(reader.keepsAlive());
}

TEST(ARequestReader, ReadsSeveralRequestsThatCameAtOnce) {
  RequestReader reader;
  ASSERT_EQ(reader.feed(std::string(kPost) + "GET / HTTP/1.1\r\nhost: x\r\nConnection: close\r\n\r\n"), State::Ready);
  EXPECT_EQ(reader.take().body, "abc");
  ASSERT_EQ(reader.feed({}), State::Ready);
  const Request second = reader.take();
  EXPECT_EQ(second.method, "GET");
  EXPECT_EQ(second.body, "");
  EXPECT_FALSE(reader.keepsAlive());
  EXPECT_EQ(reader.feed({}), State::NeedsMore);
}

TEST(ARequestReader, GivesUpOnWhatItDoesNotKnow) {
  for (const char* wrong : {
           "GET /\r\n\r\n",
           "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost x\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
       }) {
    EXPECT_EQ(RequestReader().feed(wrong), State::Broken) << wrong;
  }
  EXPECT_EQ(RequestReader().feed(std::string(RequestReader::kHeadLimit + 1, 'x')), State::Broken);
}

TEST(AResponseHead, SaysItsLengthOrComesInChunks) {
  const Reply reply{.status = 302, .headers = {{"location", "/login"}}};
  EXPECT_EQ(responseHead(reply, 5, true), "HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 5\r\n\r\n");
  EXPECT_EQ(responseHead({.status = 499}, std::nullopt, false),
            "HTTP/1.1 499 Simulated\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n");
}

TEST(AChunk, CarriesItsLengthInHexadecimal) {
  EXPECT_EQ(chunk("abc"), "3\r\nabc\r\n");
  EXPECT_TRUE(chunk(std::string(0x1F0, 'x')).starts_with("1f0\r\n"));
}

}  // namespace
}  // namespace splitdelivery::simulators
