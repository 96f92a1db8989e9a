#include <gmock/gmock.h>

#include <vector>

#include "cli/kubectl/command_line.h"
#include "cli/kubectl/kubectl.h"

namespace splitdelivery::cli::kubectl {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

CommandLine parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "kubectl-sdd");
  return parseCommandLine(static_cast<int>(arguments.size()), arguments.data());
}

Options optionsOf(std::vector<const char*> arguments) {
  const CommandLine line = parse(std::move(arguments));
  EXPECT_TRUE(line.options);
  return line.options.value_or(Options{});
}

TEST(ThePlugin, IsTheProgramUnderItsNameAlone) {
  for (const char* name : {"kubectl-sdd", "/usr/local/bin/kubectl-sdd", "./kubectl-sdd"}) {
    EXPECT_TRUE(isPluginName(name)) << name;
  }
  for (const char* name : {"splitdelivery", "kubectl-sdd/splitdelivery", "kubectl-sddx", "xkubectl-sdd", ""}) {
    EXPECT_FALSE(isPluginName(name)) << name;
  }
  EXPECT_FALSE(isPluginName(nullptr));
}

TEST(ACommandLine, NamesAResourceAsKubectlDoes) {
  for (const char* name : {"d0.example", "sdd/d0.example", "splitdeliverydomain/d0.example",
                           "splitdeliverydomains/d0.example", "splitdeliverydomains.splitdelivery.dev/d0.example"}) {
    const Options options = optionsOf({"plan", name});
    EXPECT_EQ(options.command, Command::Plan);
    EXPECT_EQ(options.name, "d0.example");
  }
}

TEST(ACommandLine, TakesFlagsBeforeAndBehindTheCommand) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{
           {"-n", "mail", "--context", "work", "--kubeconfig", "f", "suspend", "d0"},
           {"suspend", "-n", "mail", "d0", "--context=work", "--kubeconfig=f"},
           {"suspend", "d0", "--namespace=mail", "--context", "work", "--kubeconfig", "f"}}) {
    const Options options = optionsOf(arguments);
    EXPECT_EQ(options.command, Command::Suspend);
    EXPECT_EQ(options.ns, "mail");
    EXPECT_EQ(options.context, "work");
    EXPECT_EQ(options.kubeconfig, "f");
  }
}

TEST(ACommandLine, KnowsAnAddressFromAName) {
  const Options options = optionsOf({"status", "Anna@Exämple.com."});
  EXPECT_EQ(options.address, "anna@xn--exmple-cua.com");
  EXPECT_EQ(options.name, "");
  EXPECT_EQ(optionsOf({"status", "anna"}).address, "");
}

TEST(ACommandLine, SaysHowLongToWait) {
  EXPECT_EQ(optionsOf({"resync", "d0"}).timeout, 60s);
  EXPECT_TRUE(optionsOf({"resync", "d0"}).wait);
  EXPECT_EQ(optionsOf({"resync", "d0", "--timeout=2m"}).timeout, 2min);
  EXPECT_FALSE(optionsOf({"resync", "--all", "--wait=false"}).wait);
  EXPECT_FALSE(optionsOf({"resync", "--all", "--no-wait"}).wait);
}

struct Wrong {
  const char* name;
  std::vector<const char*> arguments;
  const char* says;
};

class AWrongCommandLine : public ::testing::TestWithParam<Wrong> {};

TEST_P(AWrongCommandLine, EndsWith64AndSaysWhy) {
  ::testing::internal::CaptureStderr();
  const CommandLine line = parse(GetParam().arguments);
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_FALSE(line.options);
  EXPECT_EQ(line.exitCode, 64);
  EXPECT_THAT(said, HasSubstr(GetParam().says));
  EXPECT_EQ(said.find('\x1b'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Each, AWrongCommandLine,
                         ::testing::Values(Wrong{"Unknown", {"aprove", "d0", "x"}, "did you mean \"approve\"?"},
                                           Wrong{"UnknownAndOdd", {"\x1b[31m"}, "there is no command ?[31m"},
                                           Wrong{"NoName", {"plan"}, "NAME"}, Wrong{"NoId", {"approve", "d0"}, "ID"},
                                           Wrong{"AnotherKind", {"status", "pod/d0"}, "NAME or sdd/NAME"},
                                           Wrong{"OddName", {"suspend", "../../secrets"}, "no resource's name"},
                                           Wrong{"NameWithAQuery", {"plan", "d0?watch=1"}, "no resource's name"},
                                           Wrong{"UpperCase", {"plan", "D0"}, "no resource's name"},
                                           Wrong{"OddNamespace", {"status", "-n", "a/../b"}, "namespace's name"},
                                           Wrong{"OddAddress", {"status", "@example.com"}, "before the @"},
                                           Wrong{"AllAndOne", {"resync", "d0", "--all"}, "not both"},
                                           Wrong{"NeitherAllNorOne", {"resync"}, "--all"},
                                           Wrong{"NameInAllNamespaces", {"status", "d0", "-A"}, "-n NAMESPACE"},
                                           Wrong{"TwoNamespaces", {"status", "-A", "-n", "mail"}, "not both"},
                                           Wrong{"OddFormat", {"status", "-o", "xml"}, "json"},
                                           Wrong{"OddTimeout", {"resync", "d0", "--timeout", "soon"}, "60s"}),
                         [](const auto& row) { return row.param.name; });

TEST(ACommandLine, ThatAsksForHelpGetsIt) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{{"--help"}, {"-h"}, {"resync", "-h"}}) {
    ::testing::internal::CaptureStdout();
    const CommandLine line = parse(arguments);
    EXPECT_THAT(::testing::internal::GetCapturedStdout(), HasSubstr("kubectl sdd"));
    EXPECT_EQ(line.exitCode, 0);
    EXPECT_FALSE(line.options);
  }
}

}  // namespace
}  // namespace splitdelivery::cli::kubectl
