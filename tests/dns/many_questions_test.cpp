// Questions in number, and their ends: a stop, the end of the resolver.

#include <gmock/gmock.h>

#include <atomic>
#include <future>

#include "base/await.h"
#include "dns/asker.h"
#include "dns/query_loop.h"

namespace splitdelivery::dns {
namespace {

using simulators::DnsFault;
using ::testing::Each;
using ::testing::Field;

class ManyQuestions : public TheCaresResolver {
 protected:
  using Answers = std::vector<Answer<MxRecord>>;

  static std::string name(std::size_t i) { return "n" + std::to_string(i) + ".example.com"; }

  std::future<Answers> askAll(std::size_t count, const std::stop_token& stop = {}) {
    std::vector<base::Task<Answer<MxRecord>>> tasks;
    for (std::size_t i = 0; i < count; ++i) tasks.push_back(resolver->mx(name(i), stop));
    auto promise = std::make_shared<std::promise<Answers>>();
    base::spawn(executor, base::all(executor, std::move(tasks)),
                [promise](const std::exception_ptr&, std::optional<Answers> answers) {
                  promise->set_value(std::move(*answers));
                });
    return promise->get_future();
  }
  void waitForQuestions(std::size_t count) {
    while (zone.questions() < count) std::this_thread::yield();
  }

  static constexpr std::size_t kMany = 300;
};

TEST_F(ManyQuestions, AreAllAnsweredEachWithItsOwn) {
  for (std::size_t i = 0; i < kMany; ++i) zone.setMx(name(i), {{10, "mx" + std::to_string(i) + ".example"}});
  const Answers answers = askAll(kMany).get();
  for (std::size_t i = 0; i < kMany; ++i) {
    EXPECT_EQ(answers[i].records, std::vector({MxRecord{10, "mx" + std::to_string(i) + ".example"}}));
  }
}

TEST_F(ManyQuestions, AreSentAHundredAtATime) {
  zone.setFaultOfAll(DnsFault::Silent);
  std::stop_source stop;
  auto answers = askAll(kMany, stop.get_token());
  waitForQuestions(QueryLoop::kMostUnderWay);
  // The next one is sent at once when it does not have to wait in line.
  EXPECT_EQ(zone.questions(), QueryLoop::kMostUnderWay);
  executor.post([&] { stop.request_stop(); });
  EXPECT_THAT(answers.get(), Each(Field(&Answer<MxRecord>::outcome, Outcome::Failed)));
}

TEST_F(ManyQuestions, ThatTimeOutMakeWayForThoseInLine) {
  open(3 * kShort);
  for (std::size_t i = 0; i < kMany; ++i) zone.setMx(name(i), {{10, "mx.zoho.com"}});
  for (std::size_t i = 0; i < QueryLoop::kMostUnderWay; ++i) zone.setFault(name(i), DnsFault::Silent);
  const Answers answers = askAll(QueryLoop::kMostUnderWay + 1).get();
  EXPECT_EQ(answers.front().outcome, Outcome::Failed);
  EXPECT_EQ(zone.questions(name(QueryLoop::kMostUnderWay)), 1U);
}

TEST_F(ManyQuestions, EndAtOnceWhenAStopIsAskedFor) {
  zone.setFaultOfAll(DnsFault::Silent);
  std::stop_source stop;
  auto answers = askAll(3, stop.get_token());
  waitForQuestions(3);
  executor.post([&] { stop.request_stop(); });
  EXPECT_THAT(answers.get(),
              Each(Field(&Answer<MxRecord>::failure, "the question was given up before an answer came")));
  zone.setFaultOfAll(DnsFault::None);
  EXPECT_EQ(mx("example.com").outcome, Outcome::NoSuchName) << "others go on";
}

TEST_F(ManyQuestions, LeaveTheOthersAloneWhenOneIsStopped) {
  zone.setFault("silent.example.com", DnsFault::Silent);
  zone.setFault("slow.example.com", DnsFault::Slow);
  zone.setMx("slow.example.com", {{10, "mx.zoho.com"}});
  zone.setSlowness(kShort);
  auto slow = std::async(std::launch::async, [&] { return mx("slow.example.com"); });
  std::stop_source stop;
  auto silent = std::async(std::launch::async, [&] { return mx("silent.example.com", stop.get_token()); });
  waitForQuestions(2);
  executor.post([&] { stop.request_stop(); });
  EXPECT_EQ(silent.get().outcome, Outcome::Failed);
  EXPECT_EQ(slow.get().outcome, Outcome::Found);
}

TEST_F(ManyQuestions, AreNotSentWhenTheStopCameFirst) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(mx("example.com", stop.get_token()).outcome, Outcome::Failed);
  EXPECT_EQ(zone.questions(), 0U);
}

TEST_F(ManyQuestions, EndWithTheResolver) {
  zone.setFaultOfAll(DnsFault::Silent);
  auto answers = askAll(kMany);
  waitForQuestions(QueryLoop::kMostUnderWay);
  resolver.reset();
  EXPECT_THAT(answers.get(), Each(Field(&Answer<MxRecord>::outcome, Outcome::Failed)));
}

TEST_F(ManyQuestions, FailWhenTheirResolverIsGoneBeforeTheyBegin) {
  auto question = resolver->mx("example.com", {});
  resolver.reset();
  EXPECT_EQ(http::runBlocking(executor, std::move(question)).outcome, Outcome::Failed);
}

}  // namespace
}  // namespace splitdelivery::dns
