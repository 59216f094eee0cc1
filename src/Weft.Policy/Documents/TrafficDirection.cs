namespace Weft.Policy.Documents;

/// <summary>The side of the endpoint that a rule is about; the number is the key's egress bit in the datapath.</summary>
public enum TrafficDirection : byte
{
    Ingress = 0,
    Egress = 1,
}
