namespace SeqCore.Kernels.Optimizers;

/// <summary>Checks the arguments of optimizers, for all devices.</summary>
internal static class OptimizerChecks
{
    internal static void Check(in AdamStep step) => ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step.Step);

    internal static void Check(in SgdStep step)
    {
        if (step.Nesterov && (step.Momentum <= 0f || step.Dampening != 0f))
            throw new ArgumentException("Sgd: Nesterov momentum needs a momentum above 0 and a dampening of 0.");
    }

    /// <summary>Throws if a gradient, or a moment that the rule uses, is shorter than its parameter.</summary>
    internal static void Check<TUpdate>(string operation, ReadOnlySpan<OptimizerSlot> slots, TUpdate update)
        where TUpdate : struct, IOptimizerUpdate
    {
        for (var i = 0; i < slots.Length; i++)
        {
            ref readonly var slot = ref slots[i];
            CheckLength(operation, "gradient", i, slot.Gradient, slot.Value.Length);
            if (update.UsesFirst)
                CheckLength(operation, "first moment", i, slot.First, slot.Value.Length);
            if (update.UsesSecond)
                CheckLength(operation, "second moment", i, slot.Second, slot.Value.Length);
        }
    }

    /// <summary>Throws if the result is too short for a norm and a factor, or a given earlier factor is empty.</summary>
    internal static void Check(DeviceSpan<float> result, DeviceSpan<float> earlier)
    {
        RowChecks.Check("ClipFactor", nameof(result), result, 1, 2);
        RowChecks.CheckOptional("ClipFactor", nameof(earlier), earlier, 1, 1);
    }

    // The name is formatted only for an error, so that a step allocates no text.
    private static void CheckLength(string operation, string part, int slot, DeviceSpan<float> span, int length)
    {
        if (span.Length < length)
            RowChecks.Check(operation, $"the {part} of slot {slot}", span, 1, length);
    }
}
