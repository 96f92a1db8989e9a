#include "reconcile/dns_facts.h"

#include <memory>
#include <vector>

#include "base/await.h"

namespace splitdelivery::reconcile {
namespace {

using base::Done;
using base::Task;

// Where the answers meet; each question owns a share.
using Shared = std::shared_ptr<DnsFacts>;

Task<Done> askRouting(dns::Resolver& resolver, std::string host, std::stop_token stop, Shared facts) {
  auto answer = co_await resolver.mx(std::move(host), std::move(stop));
  facts->routing = std::move(answer);
  co_return Done{};
}

Task<Done> askDomain(dns::Resolver& resolver, std::string domain, std::stop_token stop, Shared facts) {
  auto answer = co_await resolver.mx(std::move(domain), std::move(stop));
  facts->domain = std::move(answer);
  co_return Done{};
}

Task<Done> askTexts(dns::Resolver& resolver, std::string domain, std::stop_token stop, Shared facts) {
  auto answer = co_await resolver.txt(std::move(domain), std::move(stop));
  facts->texts = std::move(answer);
  co_return Done{};
}

}  // namespace

bool DnsFacts::conclusive() const {
  return routing.outcome != dns::Outcome::Failed && domain.outcome != dns::Outcome::Failed &&
         texts.outcome != dns::Outcome::Failed;
}

Task<DnsFacts> askDns(base::Executor& executor, dns::Resolver& resolver, std::string domain, std::string routingHost,
                      std::stop_token stop) {
  auto facts = std::make_shared<DnsFacts>();
  std::vector<Task<Done>> questions;
  questions.push_back(askRouting(resolver, std::move(routingHost), stop, facts));
  questions.push_back(askDomain(resolver, domain, stop, facts));
  questions.push_back(askTexts(resolver, std::move(domain), stop, facts));
  co_await base::all(executor, std::move(questions));
  co_return std::move(*facts);
}

void DnsMemory::note(const std::string& domain, const std::string& routingHost, const DnsFacts& facts,
                     bool routingGood) {
  if (routingGood && facts.conclusive()) {
    kept_.keep({domain, routingHost}, facts);
  } else {
    kept_.forget({domain, routingHost});
  }
}

}  // namespace splitdelivery::reconcile
