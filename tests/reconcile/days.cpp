#include "reconcile/days.h"

#include <algorithm>

namespace splitdelivery::reconcile {

using namespace std::chrono_literals;

namespace {

/// Between two looks of the witness nothing but the controller acts, so its step is no limit to what it sees.
constexpr base::Duration kStep = 1min;

/// So soon after a change its passes have begun.
constexpr base::Duration kOfAChange = 10s;

std::string name(std::size_t i) {
  return std::string(1, static_cast<char>('a' + i / 100)) + std::to_string(100 + i % 100);
}

}  // namespace

void Days::Diary::passStarted(const api::SplitDeliveryDomain& resource) {
  ++passes;
  const auto earliest = earliest_.find(resource.key);
  // A change may end a pass that has hardly begun, which is then made up for.
  if (executor_.now() <= changedAt_ + kOfAChange || earliest == earliest_.end()) return;
  EXPECT_GE(executor_.now(), earliest->second) << "a pass came too early (S10)";
}

void Days::Diary::passEnded(const PassReport& report) {
  expectLegal(report.status);
  const bool failed = report.outcome == Outcome::Failed;
  base::Duration pause = report.resource.spec.interval;
  if (failed) pause = std::max<base::Duration>(pause, report.retryAfter.value_or(0s));
  if (!failed) pause -= pause / 20 + 1ms;  // the jitter of success
  earliest_[report.resource.key] = executor_.now() + pause;
  reports.insert_or_assign(report.resource.key, report);
}

/// All that lives as long as a process does.
struct Days::Process {
  explicit Process(Days& days)
      : accounts(
            days.u.executor, [&days](const std::string&) -> http::Transport& { return days.u.network; }, days.records),
        reconciler({days.u.executor, accounts, days.books, days.statuses, days.diary_, claims, days.u.dns}, Mode::Sync),
        controller(days.u.executor, reconciler, days.lateness_, 16) {}

  Claims claims{};
  Accounts accounts;
  Reconciler reconciler;
  Controller controller;
  std::stop_source stop{};
  bool ended = false;
};

Days::Days(std::size_t users, std::uint64_t seed, std::chrono::seconds interval)
    : u(seed), witness(u.world, u.executor, u.resource.spec.maxDeletions.amount) {
  // Somebody outside this domain: an organisation that lists nobody at all is another story.
  u.world.zoho.addUser(Universe::kOrganization, {.email = "owner@example.net"});
  for (std::size_t i = 0; i < users; ++i) join(name(i));
  addOthers("sales", "sales@elsewhere.example");
  addOthers("by-hand", u.target("by-hand"));
  u.resource.spec.interval = interval;
  manifests.resources = {u.resource};
  manifests.secrets = u.secrets;
}

Days::~Days() {
  if (process_) stop();
}

void Days::start() {
  process_ = std::make_unique<Process>(*this);
  diary_.changed();
  read();
  base::spawn(u.executor, process_->controller.run(process_->stop.get_token()),
              [process = process_.get()](const std::exception_ptr&, const std::optional<base::Done>&) {
                process->ended = true;
              });
}

void Days::stop() {
  process_->stop.request_stop();
  const auto asked = u.executor.now();
  while (!process_->ended && u.executor.step()) {
  }
  EXPECT_TRUE(process_->ended);
  EXPECT_LE(u.executor.now() - asked, 30s) << "a stop takes no longer";
  // Somebody has to be told of the end yet.
  u.executor.advance(100ms);
  witness.look();
  process_.reset();
}

void Days::restart() {
  stop();
  start();
}

void Days::read() {
  diary_.changed();
  std::vector<const api::SplitDeliveryDomain*> resources;
  for (const auto& resource : manifests.resources) resources.push_back(&resource);
  process_->claims.update(resources);
  u.executor.run(process_->claims.learnOwners(books));
  process_->controller.update(manifests);
}

void Days::runFor(base::Duration span) {
  const auto until = u.executor.now() + span;
  while (u.executor.now() < until && !::testing::Test::HasFailure()) {
    u.executor.advance(std::min(kStep, until - u.executor.now()));
    witness.look();
  }
}

void Days::approve(const std::string& id) {
  resource().annotations[std::string(api::annotation::kApprovedPlan)] = id;
  read();
}

void Days::approveHeld() {
  const auto& plan = last().status.plan;
  witness.approve(plan.deletes);
  approve(plan.id);
}

void Days::join(const std::string& local) {
  u.addUser(local);
  witness.came(local);
}

void Days::leave(const std::string& local) {
  u.removeUser(local);
  witness.left(local);
}

void Days::shrinkBy(std::size_t users) {
  for (std::size_t i = 0; i < users; ++i) leave(*witness.atZoho().begin());
}

void Days::addOthers(const std::string& local, const std::string& destination) {
  u.forward(local, destination);
  witness.notOurs(local, destination);
}

void Days::lose(const std::string& local) {
  u.world.da.removeForwarder(Universe::kDomain, local);
  witness.recount();
}

bool Days::isReady() const {
  return condition(last().status, api::condition::kReady).status == api::ConditionStatus::True;
}

std::map<std::string, std::string> Days::wanted() const {
  auto forwarders = witness.others();
  for (const std::string& local : witness.atZoho()) forwarders.emplace(local, u.target(local));
  return forwarders;
}

void Days::expectWellWithin(base::Duration span) {
  const auto until = u.executor.now() + span;
  while (u.executor.now() < until && !::testing::Test::HasFailure()) {
    runFor(1min);
    if (diary_.reports.contains(u.resource.key) && ready() == "Synced" && u.forwarders() == wanted()) break;
  }
  expectInSync();
}

void Days::expectInSync() {
  EXPECT_EQ(u.forwarders(), wanted());
  const api::Status& status = u.statuses.statuses[u.resource.key];
  EXPECT_EQ(condition(status, api::condition::kReady).reason, "Synced")
      << condition(status, api::condition::kReady).message;
  EXPECT_EQ(condition(status, api::condition::kInSync).status, api::ConditionStatus::True);
  EXPECT_EQ(status.forwarders.inSync, status.forwarders.desired);
}

}  // namespace splitdelivery::reconcile
