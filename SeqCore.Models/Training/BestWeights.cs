namespace SeqCore.Models;

/// <summary>Keeps a copy of a model's weights from its best evaluation.</summary>
internal sealed class BestWeights(Module model)
{
    private Dictionary<string, Tensor>? copies;

    /// <summary>Copies the weights.</summary>
    internal void Keep()
    {
        using var suspension = TensorScope.Suspend();
        copies ??= model.StateDictionary().ToDictionary(w => w.Key, w => Tensor.Uninitialized(w.Value.Shape, w.Value.Backend));
        foreach (var (name, weights) in model.StateDictionary())
            TensorCopy.Into(weights, copies[name]);
    }

    /// <summary>Restores the weights that were kept, if any were.</summary>
    internal void Restore()
    {
        if (copies is not null)
            model.LoadStateDictionary(copies);
    }
}
