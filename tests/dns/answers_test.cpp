#include "dns/answers.h"

#include <ares.h>
#include <gmock/gmock.h>

#include "simulators/dns_wire.h"
#include "support/message_style.h"

namespace splitdelivery::dns {
namespace {

using simulators::DnsQuestion;
using simulators::DnsReply;

Message bytesOf(const std::string& text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

const DnsQuestion kQuestion{.name = "example.com", .type = 15};

TEST(AnAnswer, ThatIsCutAnywhereIsNeverTakenForTheTruth) {
  const std::string mx = writeReply(kQuestion, {.owner = "example.com", .mx = {{10, "a.example"}, {20, "b.example"}}});
  ASSERT_EQ(readMx(ARES_SUCCESS, bytesOf(mx)).records.size(), 2U);
  const std::string txt = writeReply(kQuestion, {.owner = "example.com", .txt = {{"one"}, {"two", "three"}}});
  ASSERT_EQ(readTxt(ARES_SUCCESS, bytesOf(txt)).records.size(), 2U);
  for (std::size_t length = 0; length < mx.size(); ++length) {
    EXPECT_EQ(readMx(ARES_SUCCESS, bytesOf(mx.substr(0, length))).outcome, Outcome::Failed) << length;
  }
  for (std::size_t length = 0; length < txt.size(); ++length) {
    EXPECT_EQ(readTxt(ARES_SUCCESS, bytesOf(txt.substr(0, length))).outcome, Outcome::Failed) << length;
  }
}

TEST(AnAnswer, WithEveryByteChangedInTurnIsReadWithoutHarm) {
  const std::string good = writeReply(kQuestion, {.owner = "example.com", .mx = {{10, "a.example"}}, .txt = {{"one"}}});
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char value : {'\0', '\1', '\x3f', '\x40', '\x7f', '\xc0', '\xff'}) {
      std::string changed = good;
      changed[i] = value;
      EXPECT_EQ(readMx(ARES_SUCCESS, bytesOf(changed)).outcome == Outcome::Found,
                !readMx(ARES_SUCCESS, bytesOf(changed)).records.empty());
      EXPECT_EQ(readTxt(ARES_SUCCESS, bytesOf(changed)).outcome == Outcome::Found,
                !readTxt(ARES_SUCCESS, bytesOf(changed)).records.empty());
    }
  }
}

TEST(AnAnswer, KeepsWhatATextHoldsByteForByte) {
  const std::string odd("a\0b\xff\n", 5);
  const std::string message = writeReply(kQuestion, {.owner = "example.com", .txt = {{odd, odd}}});
  EXPECT_THAT(readTxt(ARES_SUCCESS, bytesOf(message)).records, ::testing::ElementsAre(odd + odd));
}

TEST(AFailure, IsOneSentenceWhateverTheStatus) {
  for (int status = 1; status <= ARES_ESERVICE; ++status) {
    splitdelivery::testing::expectStyle({.reason = std::to_string(status), .message = failureOf(status)});
  }
}

TEST(AFailure, IsEveryStatusButThoseThatSayNo) {
  for (int status = 1; status <= ARES_ESERVICE; ++status) {
    const auto outcome = readMx(status, {}).outcome;
    if (status == ARES_ENODATA) {
      EXPECT_EQ(outcome, Outcome::NoData);
    } else if (status == ARES_ENOTFOUND) {
      EXPECT_EQ(outcome, Outcome::NoSuchName);
    } else {
      EXPECT_EQ(outcome, Outcome::Failed) << status;
    }
    EXPECT_EQ(readTxt(status, {}).outcome, outcome) << status;
  }
}

}  // namespace
}  // namespace splitdelivery::dns
