namespace SeqCore;

public sealed partial class TensorScope
{
    /// <summary>Takes a mask out of the scope, so that it lives until it is disposed or collected.</summary>
    public BoolTensor Keep(BoolTensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        Keep(mask.Values);
        return mask;
    }

    /// <summary>Takes a mask out of this scope and gives it to the enclosing scope, if there is one.</summary>
    public BoolTensor KeepInOuter(BoolTensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        KeepInOuter(mask.Values);
        return mask;
    }
}
