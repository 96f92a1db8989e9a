#include "cli/env_options.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "api/enums.h"

namespace splitdelivery::cli {
namespace {

using Problems = tl::unexpected<std::vector<std::string>>;

}  // namespace

void addEnvOptions(CLI::App& command, EnvFlags& flags) {
  command
      .add_flag("--from-env", flags.fromEnv,
                "Instead of --manifests: work on every domain that both systems have, with the variables of the "
                "Zoho-MXRoute-Split-Delivery script (CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID, USER_ID, PASSWORD, "
                "SERVER, CRON_SCHEDULE; DATA_CENTER for another one than us). --state is then /var/lib/splitdelivery")
      ->envname("SPLITDELIVERY_FROM_ENV");
  command
      .add_option("--policy", flags.policy,
                  "With --from-env, what may be done on each domain: Observe changes nothing, CreateOnly creates, "
                  "UpsertOnly changes too what we made, Sync deletes it too where Zoho no longer has the address "
                  "[Observe]")
      ->type_name("POLICY")
      ->envname("SPLITDELIVERY_POLICY")
      ->check(CLI::IsMember({"Observe", "CreateOnly", "UpsertOnly", "Sync"}));
  command
      .add_option("--approved-plan", flags.approvedPlan,
                  "With --from-env, the id of a plan that is held: exactly that one is let through, once; several, of "
                  "several domains: with commas")
      ->type_name("ID")
      ->envname("SPLITDELIVERY_APPROVED_PLAN");
}

tl::expected<std::optional<FromEnv>, std::vector<std::string>> readFromEnv(const EnvFlags& flags,
                                                                           const std::string& manifests,
                                                                           const char* const* environment) {
  if (!flags.fromEnv) {
    if (!flags.policy.empty()) {
      return Problems({"--policy (SPLITDELIVERY_POLICY) goes with --from-env alone: in a document it is spec.policy"});
    }
    if (!flags.approvedPlan.empty()) {
      return Problems(
          {"--approved-plan (SPLITDELIVERY_APPROVED_PLAN) goes with --from-env alone: in a document it is "
           "the annotation splitdelivery.dev/approved-plan"});
    }
    return std::nullopt;
  }
  if (!manifests.empty()) {
    return Problems({"--from-env and --manifests (SPLITDELIVERY_MANIFESTS) exclude each other: leave one of them out"});
  }
  auto settings = readScriptSettings(scriptVariables(environment), EnvOrigin::Environment);
  if (!settings) return Problems(std::move(settings).error());
  return FromEnv{.settings = std::move(*settings),
                 .policy = api::choiceFrom<api::Policy>(flags.policy).value_or(api::Policy::Observe),
                 .approvedPlans = flags.approvedPlan};
}

}  // namespace splitdelivery::cli
