namespace SeqCore.Kernels.Conv1d;

/// <summary>Rejects convolutions whose sizes do not fit each other or their operands.</summary>
internal static class Conv1dChecks
{
    internal static void Forward(string operation, in Conv1dArguments a)
    {
        Sizes(operation, a.Shape);
        Operand(operation, "x", a.X, a.Shape.Batch, a.Shape.Steps, a.Shape.Inputs);
        Operand(operation, "weight", a.Weight, a.Shape.Outputs, a.Shape.GroupInputs, a.Shape.Kernel);
        Operand(operation, "y", a.Y, a.Shape.Batch, a.Shape.OutputSteps, a.Shape.Outputs);
        RowChecks.CheckOptional(operation, "bias", a.Bias, 1, a.Shape.Outputs);
        RowChecks.CheckOptional(operation, "lengths", a.Lengths, a.Shape.Batch, 1);
    }

    internal static void Backward(string operation, in Conv1dArguments a, in Conv1dGradients gradients)
    {
        Sizes(operation, a.Shape);
        Operand(operation, "dY", gradients.DY, a.Shape.Batch, a.Shape.OutputSteps, a.Shape.Outputs);
        if (!gradients.DX.IsAbsent)
        {
            Operand(operation, "weight", a.Weight, a.Shape.Outputs, a.Shape.GroupInputs, a.Shape.Kernel);
            Operand(operation, "dX", gradients.DX, a.Shape.Batch, a.Shape.Steps, a.Shape.Inputs);
        }

        if (!gradients.DWeight.IsAbsent)
        {
            Operand(operation, "x", a.X, a.Shape.Batch, a.Shape.Steps, a.Shape.Inputs);
            Operand(operation, "dWeight", gradients.DWeight, a.Shape.Outputs, a.Shape.GroupInputs, a.Shape.Kernel);
        }

        RowChecks.CheckOptional(operation, "dBias", gradients.DBias, 1, a.Shape.Outputs);
        RowChecks.CheckOptional(operation, "lengths", a.Lengths, a.Shape.Batch, 1);
    }

    internal static string BadLength(string operation, int steps, int row, int length) =>
        $"{operation}: lengths should lie in [0, T] = [0, {steps}]; that of row {row} is {length}.";

    private static void Sizes(string operation, in Conv1dShape s)
    {
        if (s.Batch < 0 || s.Steps < 0 || s.Inputs < 1 || s.Outputs < 1 || s.Kernel < 1)
        {
            throw new ArgumentException($"{operation}: sizes should not be negative, and channels and taps at least 1;"
                + $" got B = {s.Batch}, T = {s.Steps}, {s.Inputs} inputs, {s.Outputs} outputs, {s.Kernel} taps.");
        }

        if (s.Stride < 1 || s.Dilation < 1 || s.PaddingLeft < 0 || s.PaddingRight < 0)
        {
            throw new ArgumentException($"{operation}: stride and dilation should be at least 1 and the padding at least 0;"
                + $" got stride {s.Stride}, dilation {s.Dilation}, padding ({s.PaddingLeft}, {s.PaddingRight}).");
        }

        if (s.Groups < 1 || s.Inputs % s.Groups != 0 || s.Outputs % s.Groups != 0)
        {
            throw new ArgumentException($"{operation}: the groups should divide the channels of inputs and outputs;"
                + $" got {s.Groups} groups, {s.Inputs} inputs, {s.Outputs} outputs.");
        }

        // Positions are computed in 32 bits.
        SizeLimitException.Check($"{operation}: a padded sequence",
            s.Steps + (decimal)s.PaddingLeft + s.PaddingRight + (decimal)s.Dilation * s.Kernel + s.Stride,
            "Make the padding or the dilation smaller.");
    }

    private static void Operand(string operation, string name, DeviceSpan<float> span, int first, int second, int third)
    {
        if (span.Length < (long)first * second * third)
        {
            throw new ArgumentException($"{operation}: {name} should hold ({first}, {second}, {third}) ="
                + $" {(long)first * second * third} elements; got {span.Length}.");
        }
    }
}
