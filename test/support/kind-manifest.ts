/** A small StatefulSet (of three) or DaemonSet that drains well, and its Service, both of this name. */
export const kindManifest = (kind: 'StatefulSet' | 'DaemonSet', name: string): string =>
  `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  ${kind === 'StatefulSet' ? `replicas: 3\n  serviceName: ${name}` : 'minReadySeconds: 0'}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: app
          image: podtank.lab/web:sigquit
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: 8080 }] }
`
