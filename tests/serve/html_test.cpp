#include "serve/html.h"

#include <gmock/gmock.h>

namespace splitdelivery::serve {
namespace {

std::string written(std::string_view text, bool addresses = true) {
  return Html(addresses).text(text).take();
}

TEST(Text, NeverBecomesMarkup) {
  EXPECT_EQ(written("<script>alert('x')</script>"), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
  EXPECT_EQ(written("\" onload=\"x&amp;"), "&quot; onload=&quot;x&amp;amp;");
  EXPECT_EQ(written(std::string_view("a\0b\x1b[31m\x7f", 9)), "a b [31m ");
}

TEST(Text, StaysWhatItIsOtherwise) {
  EXPECT_EQ(written("10 mx.zoho.com, “ü” → 20"), "10 mx.zoho.com, “ü” → 20");
}

TEST(Ours, IsEscapedTooAndKeepsItsAddresses) {
  EXPECT_EQ(Html(false).ours("--manifests '/home/anna@example.com/<mail>'").take(),
            "--manifests &#39;/home/anna@example.com/&lt;mail&gt;&#39;");
}

struct Case {
  std::string_view text;
  std::string_view hidden;
};

class Addresses : public ::testing::TestWithParam<Case> {};

TEST_P(Addresses, AreNotShownWhereTheyAreHidden) {
  EXPECT_EQ(withoutAddresses(GetParam().text), GetParam().hidden);
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, Addresses,
    ::testing::Values(Case{"", ""}, Case{"  two  blanks ", "  two  blanks "},
                      Case{"anna@example.com", "(address hidden)"},
                      Case{
                          "the first: kim@example.com: it already goes to kim@elsewhere.example, which we did not make",
                          "the first: (address hidden): it already goes to (address hidden), which we did not make"},
                      Case{"has a catch-all (info@example.com), which", "has a catch-all ((address hidden)), which"},
                      Case{"+ anna@example.com → anna@zoho.example.com: it was refused.",
                           "+ (address hidden) → (address hidden): it was refused."},
                      Case{"\"kim/sales@example.com\"", "\"(address hidden)\""},
                      Case{"a@x,b@y\nc@z", "(address hidden)\n(address hidden)"},
                      Case{"the part before the @: letters", "the part before the @: letters"}, Case{"(@)", "(@)"},
                      Case{"x:@y", "(address hidden)"}));

TEST(Addresses, AreShownWhereTheyMayBe) {
  EXPECT_EQ(written("anna@example.com"), "anna@example.com");
  EXPECT_EQ(written("anna@example.com <x>", false), "(address hidden) &lt;x&gt;");
}

}  // namespace
}  // namespace splitdelivery::serve
