{{/* Values that contradict each other: each sentence names the fix. values.schema.json refuses the rest. */}}
{{- define "splitdelivery.refuse" -}}
{{- $no := list }}
{{- if and (gt (int .Values.replicaCount) 1) (not .Values.leaderElection.enabled) }}
{{- $no = append $no (printf "replicaCount is %d and leaderElection.enabled is false, so all of them would write at once: turn leaderElection.enabled on, or set replicaCount to 1" (int .Values.replicaCount)) }}
{{- end }}
{{- if and (not .Values.leaderElection.enabled) .Values.strategy (ne (dig "type" "RollingUpdate" .Values.strategy) "Recreate") }}
{{- $no = append $no "strategy.type is RollingUpdate and leaderElection.enabled is false, so during an update two pods would write at once: turn leaderElection.enabled on, or leave strategy empty" }}
{{- end }}
{{- if and .Values.strategy (hasKey .Values.strategy "rollingUpdate") (eq (dig "type" "RollingUpdate" .Values.strategy) "Recreate") }}
{{- $no = append $no "strategy.type is Recreate and strategy.rollingUpdate is given: leave one of them out" }}
{{- end }}
{{- if and .Values.podDisruptionBudget.enabled (lt (int .Values.replicaCount) 2) }}
{{- $no = append $no (printf "podDisruptionBudget.enabled is true and replicaCount is %d, so a node with the pod could never be drained: set replicaCount to 2, or turn podDisruptionBudget.enabled off" (int .Values.replicaCount)) }}
{{- end }}
{{- if and (ne (toString .Values.podDisruptionBudget.minAvailable) "") (ne (toString .Values.podDisruptionBudget.maxUnavailable) "") }}
{{- $no = append $no "podDisruptionBudget.minAvailable and podDisruptionBudget.maxUnavailable are both given: leave one of them empty" }}
{{- end }}
{{- if and (eq .Values.rbac.scope "Namespaced") (not .Values.watchNamespaces) }}
{{- $no = append $no "rbac.scope is Namespaced and watchNamespaces is empty, so the controller would have no right anywhere: list its namespaces in watchNamespaces, or set rbac.scope to Cluster" }}
{{- end }}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) .Values.rbac.create }}
{{- $no = append $no "serviceAccount.create is false and serviceAccount.name is empty, so every pod of the namespace would get the controller's rights, reading Secrets among them: give serviceAccount.name, or turn rbac.create off" }}
{{- end }}
{{- if and (not .Values.automountServiceAccountToken) (not .Values.extraVolumes) }}
{{- $no = append $no "automountServiceAccountToken is false and extraVolumes is empty, so the controller could not log in to the API server: turn automountServiceAccountToken on, or mount a projected token with extraVolumes and extraVolumeMounts" }}
{{- end }}
{{- if and .Values.serviceMonitor.enabled (not .Values.service.enabled) }}
{{- $no = append $no "serviceMonitor.enabled is true and service.enabled is false, so there would be nothing to scrape: turn service.enabled on" }}
{{- end }}
{{- if and .Values.statusPage.addresses (not .Values.statusPage.enabled) }}
{{- $no = append $no "statusPage.addresses is true and statusPage.enabled is false, so there would be no page to show them on: turn statusPage.enabled on, or statusPage.addresses off" }}
{{- end }}
{{- $owned := dict "--namespace" "watchNamespaces" "-n" "watchNamespaces" "--allow-server" "allowServers" "--dns-server" "dnsServers" "--workers" "workers" "--log-level" "log.level" "--log-format" "log.format" "--kube-api-qps" "kubeAPI.qps" "--kube-api-burst" "kubeAPI.burst" "--leader-elect" "leaderElection.enabled" "--listen" "listen.port" "--status-page" "statusPage.enabled" "--status-addresses" "statusPage.addresses" }}
{{- range .Values.extraArgs }}
{{- $flag := splitList "=" . | first }}
{{- if hasKey $owned $flag }}
{{- $no = append $no (printf "extraArgs has %s, which is the value %s: set that" $flag (get $owned $flag)) }}
{{- end }}
{{- if has $flag (list "--manifests" "-m" "--state" "-s") }}
{{- $no = append $no (printf "extraArgs has %s, which is for a folder without a cluster: leave it out" $flag) }}
{{- end }}
{{- end }}
{{- range $kind, $values := dict "ServiceMonitor" .Values.serviceMonitor "PrometheusRule" .Values.prometheusRule }}
{{- if and $values.enabled (eq $values.renderMode "fail") (ne (include "splitdelivery.knowsMonitoring" (list $ $kind)) "true") }}
{{- $value := untitle $kind }}
{{- $no = append $no (printf "%s.enabled is true and the cluster does not know the kind %s: install the Prometheus Operator (kube-prometheus-stack) first, or set %s.renderMode to skip, or to always where the kind comes later" $value $kind $value) }}
{{- end }}
{{- end }}
{{- $alerts := include "splitdelivery.alertNames" . | fromJsonArray }}
{{- range $name, $_ := .Values.prometheusRule.alerts }}
{{- if not (has $name $alerts) }}
{{- $no = append $no (printf "prometheusRule.alerts.%s: there is no alert of this name; there are %s" $name (default "none" (join ", " $alerts))) }}
{{- end }}
{{- end }}
{{- if $no }}
{{- fail (printf "\n\n%s\n" (join "\n" $no)) }}
{{- end }}
{{- end }}

{{- define "splitdelivery.alertNames" -}}
{{- $names := list }}
{{- range (.Files.Get "alerts/rules.yaml" | fromYaml).groups }}
{{- range .rules }}
{{- if .alert }}
{{- $names = append $names .alert }}
{{- end }}
{{- end }}
{{- end }}
{{- $names | sortAlpha | toJson }}
{{- end }}
