namespace Weft.Netlink.Netfilter.Text;

/// <summary>A part of a rule's text.</summary>
/// <param name="Says">The protocol that it tells; nft leaves it out where the next statement implies it.</param>
internal sealed record Statement(string Text, Layer Says = Layer.None);
