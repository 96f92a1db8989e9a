{{- define "splitdelivery.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "splitdelivery.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := include "splitdelivery.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "splitdelivery.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "splitdelivery.serviceAccountName" -}}
{{- default (ternary (include "splitdelivery.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

{{- define "splitdelivery.image" -}}
{{- with .Values.image }}
{{- with .registry }}{{ trimSuffix "/" . }}/{{ end }}{{ .repository }}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ default $.Chart.AppVersion .tag }}{{ end }}
{{- end }}
{{- end }}

{{- define "splitdelivery.selectorLabels" -}}
app.kubernetes.io/name: {{ include "splitdelivery.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: controller
{{- end }}

{{/* metadata's labels and annotations. Takes a list: the root, then further labels, then further annotations; what
     comes later in that order wins over what all objects have, but never over the labels that select. */}}
{{- define "splitdelivery.metadata" -}}
{{- $root := index . 0 }}
{{- $own := dict
      "app.kubernetes.io/name" (include "splitdelivery.name" $root)
      "app.kubernetes.io/instance" $root.Release.Name
      "app.kubernetes.io/component" "controller"
      "app.kubernetes.io/part-of" "split-delivery"
      "app.kubernetes.io/version" ($root.Chart.AppVersion | replace "+" "_")
      "app.kubernetes.io/managed-by" $root.Release.Service
      "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") -}}
labels:
  {{- mustMergeOverwrite (dict) $root.Values.commonLabels (index . 1) $own | toYaml | nindent 2 }}
{{- with mustMergeOverwrite (dict) $root.Values.commonAnnotations (index . 2) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The rules of one role of deploy/rbac.yaml or deploy/people.yaml. Takes a list: root, file, kind, name. */}}
{{- define "splitdelivery.rules" -}}
{{- $rules := list }}
{{- range splitList "\n---\n" ((index . 0).Files.Get (printf "files/%s" (index . 1))) }}
{{- $document := fromYaml . }}
{{- if and (eq (dig "kind" "" $document) (index $ 2)) (eq (dig "metadata" "name" "" $document) (index $ 3)) }}
{{- $rules = $document.rules }}
{{- end }}
{{- end }}
{{- if not $rules }}
{{- fail (printf "files/%s has no %s %s: this chart was packaged wrongly; run make chart-sync" (index . 1) (index . 2) (index . 3)) }}
{{- end }}
{{- toYaml $rules }}
{{- end }}

{{/* "true" where an object of the Prometheus Operator is to be rendered. Takes a list: root, kind, its values. */}}
{{- define "splitdelivery.rendersMonitoring" -}}
{{- $root := index . 0 }}
{{- $values := index . 2 }}
{{- if and $values.enabled (or (eq $values.renderMode "always") (eq (include "splitdelivery.knowsMonitoring" .) "true")) -}}
true
{{- end }}
{{- end }}

{{- define "splitdelivery.knowsMonitoring" -}}
{{- $versions := (index . 0).Capabilities.APIVersions }}
{{- if or ($versions.Has "monitoring.coreos.com/v1") ($versions.Has (printf "monitoring.coreos.com/v1/%s" (index . 1))) -}}
true
{{- end }}
{{- end }}

{{/* What the pods of the controller and of `helm test` have in common of where they run. */}}
{{- define "splitdelivery.scheduling" -}}
{{- range $field := list "priorityClassName" "dnsPolicy" "nodeSelector" "tolerations" "dnsConfig" }}
{{- with get $.Values $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/* The port of host:port, [v6]:port; empty without one, and for a bare IPv6 address. */}}
{{- define "splitdelivery.port" -}}
{{- if or (hasPrefix "[" .) (eq (len (splitList ":" .)) 2) }}
{{- regexFind ":[0-9]+$" . | trimPrefix ":" }}
{{- end }}
{{- end }}
