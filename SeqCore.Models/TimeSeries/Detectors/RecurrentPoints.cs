using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Runs a recurrent layer and a linear layer after it over the points of one sequence, without a tape and in memory
/// that is allocated once.
/// </summary>
internal sealed class RecurrentPoints : IDisposable
{
    private readonly FusedRecurrentLayer layer;
    private readonly Linear? head;
    private readonly Backend backend;
    private readonly RecurrentSteps steps;
    private readonly Tensor input;
    private readonly Tensor? output;

    /// <summary>Starts from state 0.</summary>
    /// <param name="layer">The recurrent layer, with one forward direction.</param>
    /// <param name="head">The linear layer; null for none.</param>
    internal RecurrentPoints(FusedRecurrentLayer layer, Linear? head)
    {
        (this.layer, this.head, backend) = (layer, head, layer.Weights[0].WeightIh.Value.Backend);
        using var suspension = TensorScope.Suspend();
        steps = RecurrentSteps.Of(layer, 1, backend);
        input = Tensor.Zeros(new Shape(1, layer.InputSize), backend);
        output = head is null ? null : Tensor.Zeros(new Shape(1, head.Weight.Shape[0]), backend);
    }

    /// <summary>The hidden state of the last layer.</summary>
    internal Tensor Hidden => steps.Hidden;

    /// <summary>Runs one step.</summary>
    internal void Run(ReadOnlySpan<float> point)
    {
        backend.Upload(point, input.Span);
        steps.Run(input);
    }

    /// <summary>Runs one step on the hidden state of another layer.</summary>
    internal void Run(Tensor point) => steps.Run(point);

    /// <summary>Computes the linear layer of the hidden state.</summary>
    internal void Read(Span<float> values)
    {
        backend.MatMul(new MatMulArguments
        {
            M = 1,
            N = output!.Shape[1],
            K = layer.OutputSize,
            A = new Matrix(steps.Hidden.Span, layer.OutputSize),
            B = new Matrix(head!.Weight.Value.Span, layer.OutputSize, Transposed: true),
            C = new Matrix(output.Span, output.Shape[1]),
            Bias = head.Bias?.Value.Span ?? default,
        });
        backend.Download(output.Span, values);
    }

    /// <summary>Goes back to state 0.</summary>
    internal void Reset() => steps.Reset();

    internal void Write(DetectorState state)
    {
        using var copy = steps.CopyState();
        foreach (var part in copy.StateDictionary().Values)
            state.Add([.. part.ToArray().Select(v => (double)v)]);
    }

    internal void Read(DetectorState state)
    {
        using var suspension = TensorScope.Suspend();
        using var copy = steps.CopyState();
        foreach (var part in copy.StateDictionary().Values)
        {
            var numbers = new double[part.Shape.ElementCount];
            state.Next(numbers);
            backend.Upload<float>([.. numbers.Select(v => (float)v)], part.Span);
        }

        steps.Restore(copy);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        steps.Dispose();
        input.Dispose();
        output?.Dispose();
    }
}
