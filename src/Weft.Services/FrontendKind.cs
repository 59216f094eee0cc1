namespace Weft.Services;

/// <summary>Where a frontend's address comes from. Where one service names an address in two ways, the first kind counts.</summary>
public enum FrontendKind
{
    /// <summary>Only for the cluster: from outside nobody is answered.</summary>
    ClusterIP,
    NodePort,
    /// <summary>Given by a load balancer outside; the only kind that source ranges apply to.</summary>
    LoadBalancer,
    ExternalIP,
}
