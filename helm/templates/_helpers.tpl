{{/* Prefix of the names of all objects: the release's name, with the chart's unless it is contained. At most 40 characters, so that suffixes fit. */}}
{{- define "modelserver.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Name of the operator's namespaced objects. */}}
{{- define "modelserver.operatorName" -}}
{{ include "modelserver.fullname" . }}-operator
{{- end -}}

{{/* Prefix of names outside the release's namespace: two releases of the same name may exist in two namespaces. */}}
{{- define "modelserver.clusterPrefix" -}}
{{ .Release.Namespace }}:{{ include "modelserver.fullname" . }}
{{- end -}}

{{- define "modelserver.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "modelserver.operatorName" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name is needed when serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "modelserver.selectorLabels" -}}
app.kubernetes.io/name: modelserver-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "modelserver.labels" -}}
{{ include "modelserver.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: operator
app.kubernetes.io/part-of: modelserver
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* An image reference: (dict "image" .Values.image.operator "root" $) */}}
{{- define "modelserver.image" -}}
{{- $repository := .image.repository -}}
{{- with .root.Values.imageRegistry -}}
{{- $parts := splitList "/" $repository -}}
{{- /* As container runtimes tell a registry from the first part of a name. */ -}}
{{- if and (gt (len $parts) 1) (or (contains "." (first $parts)) (contains ":" (first $parts)) (eq (first $parts) "localhost")) -}}
{{- $parts = rest $parts -}}
{{- end -}}
{{- $repository = printf "%s/%s" . (join "/" $parts) -}}
{{- end -}}
{{- if .image.digest -}}
{{ $repository }}@{{ .image.digest }}
{{- else -}}
{{ $repository }}:{{ default .root.Chart.AppVersion .image.tag }}
{{- end -}}
{{- end -}}

{{/* What the operator may do with ModelServers and the objects it makes of them: no verb on secrets, no wildcard, no pod is created. RbacIT proves that it needs all of it. */}}
{{- define "modelserver.operatorRules" -}}
- apiGroups: [modelserver.dev]
  resources: [modelservers]
  verbs: [get, list, watch]
- apiGroups: [modelserver.dev]
  resources: [modelservers/status]
  verbs: [patch]
# Where OwnerReferencesPermissionEnforcement is on (OpenShift), an owner reference needs this, and to give one to an object that lost it
# the right to delete the object.
- apiGroups: [modelserver.dev]
  resources: [modelservers/finalizers]
  verbs: [update]
- apiGroups: [apps]
  resources: [deployments, controllerrevisions]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [services, serviceaccounts, configmaps]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
# Read too: that a volume cannot be mounted shows only there.
- apiGroups: [""]
  resources: [events]
  verbs: [list, watch, create]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
# These kinds may be absent.
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes, grpcroutes, backendtlspolicies]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [monitoring.coreos.com]
  resources: [servicemonitors, prometheusrules]
  verbs: [get, list, watch, create, patch, delete]
{{- end -}}
