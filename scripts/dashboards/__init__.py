"""Pictures of Grafana dashboards from the answers of a Prometheus; knows the kinds of panels and options that the chart's dashboards use."""
