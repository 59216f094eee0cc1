using Weft.Control.Operating;
using Weft.Store;

namespace Weft.Operator;

/// <summary>What the command line says, checked.</summary>
internal sealed record OperatorOptions(StoreLocation Store, OperatorSettings Settings);
