namespace SeqCore;

public sealed partial class TensorScope
{
    /// <summary>
    /// Takes a mask out of the scope: it lives until its own Dispose, or until the garbage collector finds it.
    /// </summary>
    public BoolTensor Keep(BoolTensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        Keep(mask.Values);
        return mask;
    }

    /// <summary>Takes a mask out of this scope and gives it to the one around it, if there is one.</summary>
    public BoolTensor KeepInOuter(BoolTensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        KeepInOuter(mask.Values);
        return mask;
    }
}
