namespace Weft.Model.Tests.Services;

/// <summary>Manifests as a cluster prints them.</summary>
internal static class Manifest
{
    /// <summary>A service of every kind of address, as `kubectl get -o yaml` shows it.</summary>
    public const string Web =
        """
        apiVersion: v1
        kind: Service
        metadata:
          annotations:
            weft.io/algorithm: maglev
            weft.io/forwarding-mode: dsr
          creationTimestamp: "2026-01-05T10:00:00Z"
          labels: { app: web }
          name: web
          namespace: shop
          resourceVersion: "812"
        spec:
          allocateLoadBalancerNodePorts: true
          clusterIP: 10.96.0.10
          clusterIPs:
          - 10.96.0.10
          - fd96::10
          externalIPs: [203.0.113.1]
          externalTrafficPolicy: Local
          internalTrafficPolicy: Cluster
          ipFamilies: [IPv4, IPv6]
          ipFamilyPolicy: PreferDualStack
          loadBalancerSourceRanges: [198.51.100.0/24]
          ports:
          - name: http
            nodePort: 30080
            port: 80
            protocol: TCP
            targetPort: web
          - name: dns
            nodePort: 30053
            port: 53
            protocol: UDP
            targetPort: 5353
          selector: { app: web }
          sessionAffinity: ClientIP
          sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } }
          type: LoadBalancer
        status:
          loadBalancer:
            ingress:
            - { ip: 203.0.113.2, ipMode: VIP }
            - { ip: 203.0.113.3, ipMode: Proxy }
            - hostname: lb.example.org

        """;

    public const string Slice =
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: web-abc12
          namespace: shop
          labels: { kubernetes.io/service-name: web, endpointslice.kubernetes.io/managed-by: me }
        addressType: IPv4
        endpoints:
        - addresses: [10.0.1.180]
          conditions: { ready: true, serving: true, terminating: false }
          nodeName: bpf1
          targetRef: { kind: Pod, name: web-1, namespace: shop }
        - addresses: [10.0.0.23]
        - addresses: [10.0.0.45]
          conditions: { ready: false, serving: true, terminating: true }
          nodeName: bpf2
        ports:
        - { name: http, port: 8080, protocol: TCP }
        - { name: dns, port: 5353, protocol: UDP }

        """;

    /// <summary>The least that a service is.</summary>
    public const string Plain =
        """
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          clusterIP: 10.96.0.10
          ports: [{ port: 80 }]

        """;
}
