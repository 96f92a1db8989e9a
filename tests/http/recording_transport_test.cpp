#include "http/recording_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "base/await.h"
#include "support/virtual_executor.h"

namespace splitdelivery::http {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::VirtualExecutor;
namespace fs = std::filesystem;

/// Answers everything with the same, after 120 ms.
class Canned final : public Transport {
 public:
  explicit Canned(base::Executor& executor) : executor_(executor) {}
  base::Task<base::Result<Response>> send(Request request, std::stop_token stop) override {
    asked.push_back(std::move(request));
    co_await base::sleepFor(executor_, 120ms, std::move(stop));
    co_return answer;
  }
  base::Result<Response> answer{Response{.status = 200, .body = "{}"}};
  std::vector<Request> asked{};

 private:
  base::Executor& executor_;
};

fs::path temporaryFolder() {
  std::string name = (fs::temp_directory_path() / "splitdelivery-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  return name;
}

class Recordings : public ::testing::Test {
 protected:
  ~Recordings() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  [[nodiscard]] fs::path folder() const { return root_ / "record"; }

  base::Result<Response> send(Request request) {
    RecordingTransport transport(executor, canned, recording);
    return executor.run(transport.send(std::move(request), {}));
  }

  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder())) all.insert(entry.path().filename());
    return all;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(folder() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static Request accounts() {
    return {.origin = "https://mail.zoho.eu",
            .path = "/api/organization/810220000/accounts?start=0&limit=500",
            .authorization = base::Secret("Zoho-oauthtoken 1000.secret.token"),
            .body = "client_secret=s3cr3t",
            .provider = "zoho",
            .endpoint = "accounts"};
  }

  fs::path root_ = temporaryFolder();
  VirtualExecutor executor;
  Canned canned{executor};
  Recording recording{executor, folder()};
};

TEST_F(Recordings, AreOneFileForEachExchangeThatSaysAllButWhoseItIs) {
  canned.answer =
      Response{.status = 200,
               .body = R"({"status":{"code":200},"data":[{"zuid":810220011,"mailId":"ida@fjordlab.example"}]})",
               .headers = {{"content-type", "application/json;charset=UTF-8"},
                           {"set-cookie", "session=s3cr3t"},
                           {"retry-after", "3600"},
                           {"x-ratelimit-reset", "1790000000"},
                           {"x-directadmin", "unauthorized for ida"}}};
  const auto answer = send(accounts());
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body, canned.answer->body) << "whoever asked gets it as it was";
  EXPECT_THAT(names(), ElementsAre("0001-zoho-accounts-200.txt"));
  EXPECT_EQ(read("0001-zoho-accounts-200.txt"),
            "GET /api/organization/100000001/accounts?start=0&limit=500\n"
            "took: 120 ms\n"
            "status: 200\n"
            "content-type: application/json;charset=UTF-8\n"
            "retry-after: 3600\n"
            "x-ratelimit-reset: 1790000000\n"
            "x-directadmin: unauthorized for word1\n"
            "length: 83\n"
            "\n"
            R"({"status":{"code":200},"data":[{"zuid":100000002,"mailId":"user1@domain1.example"}]})");
}

TEST_F(Recordings, AreForTheirOwnerAlone) {
  send(accounts());
  struct stat about {};
  ASSERT_EQ(::stat(folder().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0700U);
  ASSERT_EQ(::stat((folder() / "0001-zoho-accounts-200.txt").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(Recordings, HoldNothingOfARequestsBodyOrCredentials) {
  send(accounts());
  EXPECT_EQ(canned.asked.at(0).authorization, accounts().authorization) << "but the server gets them";
  const std::string text = read("0001-zoho-accounts-200.txt");
  for (const char* secret : {"s3cr3t", "1000.secret.token", "oauthtoken"}) {
    EXPECT_EQ(text.find(secret), std::string::npos) << secret;
  }
}

TEST_F(Recordings, NameTheReasonWhereThereIsNoAnswer) {
  canned.answer = base::fail(base::ErrorKind::Retry, "TimedOut", "eagle.example did not answer");
  EXPECT_EQ(send(accounts()).error().reason, "TimedOut");
  EXPECT_THAT(read("0001-zoho-accounts-TimedOut.txt"), HasSubstr("no answer: TimedOut\n"));
  EXPECT_EQ(read("0001-zoho-accounts-TimedOut.txt").find("eagle"), std::string::npos);
}

TEST_F(Recordings, OfAnUnnamedEndpointHaveANameToo) {
  Request odd = accounts();
  odd.provider = "";
  odd.endpoint = "../../etc/passwd";
  send(odd);
  EXPECT_THAT(names(), ElementsAre("0001-other-______etc_passwd-200.txt"));
}

TEST_F(Recordings, GoOnBehindThoseOfAnEarlierProcess) {
  send(accounts());
  Recording next(executor, folder());
  RecordingTransport transport(executor, canned, next);
  executor.run(transport.send(accounts(), {}));
  EXPECT_THAT(names(), ElementsAre("0001-zoho-accounts-200.txt", "0002-zoho-accounts-200.txt"));
}

TEST_F(Recordings, EndWhenTheFolderIsFull) {
  fs::create_directory(folder());
  for (std::size_t i = 1; i < Recording::kMostFiles; ++i) {
    std::ofstream(folder() / (std::to_string(1000 + i) + "-zoho-accounts-200.txt")) << "old";
  }
  std::ofstream(folder() / "notes.txt") << "not ours";
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(send(accounts()).has_value());
  EXPECT_THAT(names(), SizeIs(Recording::kMostFiles + 1));
}

TEST_F(Recordings, AreCutWhereAnAnswerIsTooLong) {
  canned.answer = Response{.status = 200, .body = "{\"data\":\"" + std::string(3U << 20U, 'a') + "\"}"};
  send(accounts());
  const std::string text = read("0001-zoho-accounts-200.txt");
  EXPECT_LT(text.size(), Recording::kLargestBody + 1024);
  EXPECT_THAT(text.substr(0, 300), HasSubstr("cut: after 1048576\n"));
}

TEST_F(Recordings, ThatCannotBeWrittenStopNothing) {
  std::ofstream(folder()) << "a file where the folder should be";
  EXPECT_TRUE(send(accounts()).has_value());
  EXPECT_TRUE(send(accounts()).has_value());
  EXPECT_TRUE(fs::is_regular_file(folder()));
}

TEST_F(Recordings, KeepOneOrderWhenManyAreUnderWay) {
  std::vector<base::Task<base::Result<Response>>> tasks;
  RecordingTransport transport(executor, canned, recording);
  for (int i = 0; i < 20; ++i) tasks.push_back(transport.send(accounts(), {}));
  executor.run(base::all(executor, std::move(tasks)));
  EXPECT_THAT(names(), SizeIs(20));
}

}  // namespace
}  // namespace splitdelivery::http
