using SeqCore.Kernels;
using SeqCore.Kernels.Cells;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>
/// A lower bound of the memory that training needs, used to refuse sizes before they are tried: weights with gradients and
/// Adam's two averages, and what is kept for the backward pass.
/// </summary>
public sealed class MemoryEstimate
{
    private double weights, kept, largest;

    /// <summary>Adds weights.</summary>
    /// <param name="rows">The rows of each matrix.</param>
    /// <param name="columns">The columns of each matrix.</param>
    /// <param name="count">The number of matrices.</param>
    public void Weights(double rows, double columns, double count = 1)
    {
        weights += count * rows * columns;
        Allocates(rows * columns);
    }

    /// <summary>Adds a tensor that is kept for the backward pass.</summary>
    public void Keeps(double elements)
    {
        kept += elements;
        Allocates(elements);
    }

    /// <summary>Records a tensor that has to fit by itself.</summary>
    public void Allocates(double elements) => largest = Math.Max(largest, elements);

    /// <summary>Adds a stack of recurrent layers.</summary>
    /// <param name="kind">The kind of the layers.</param>
    /// <param name="layers">The number of layers.</param>
    /// <param name="batch">B, sequences.</param>
    /// <param name="steps">T, tokens in each.</param>
    /// <param name="input">I, the width of what the first one reads.</param>
    /// <param name="hidden">H, units in all directions together.</param>
    /// <param name="directions">1 or 2.</param>
    public void RecurrentLayers(RecurrentKind kind, int layers, int batch, int steps, int input, int hidden, int directions = 1)
    {
        double gates = kind switch { RecurrentKind.Lstm => 4, RecurrentKind.Gru => 3, _ => 1 }, units = hidden / directions;
        for (var layer = 0; layer < layers; layer++)
        {
            var width = layer == 0 ? input : hidden;
            Weights(gates * units, width, directions);
            Weights(gates * units, units, directions);
            for (var direction = 0; direction < directions; direction++)
                Keeps(Workspace(kind, batch, steps, width, hidden / directions));
            Keeps((double)batch * steps * hidden);
        }
    }

    /// <summary>Adds Transformer layers, whose feed-forward part is 4 D wide.</summary>
    /// <param name="layers">The number of layers.</param>
    /// <param name="tokens">The tokens of all sequences.</param>
    /// <param name="width">D, the model size.</param>
    /// <param name="squares">D x D matrices in a layer; 12, or 16 with attention to a source.</param>
    /// <param name="vectors">Vectors of D that a layer keeps of each token.</param>
    public void TransformerLayers(int layers, double tokens, double width, int squares = 12, int vectors = 15)
    {
        weights += layers * squares * width * width;
        kept += layers * vectors * tokens * width;
        Allocates(4 * width * Math.Max(width, tokens));
    }

    /// <summary>Adds the layers of an encoder of texts, without its embedding.</summary>
    /// <param name="options">The sizes.</param>
    /// <param name="batch">B, texts.</param>
    /// <param name="steps">T, tokens in each.</param>
    /// <param name="input">I, the width of what the first layer reads.</param>
    public void Encoder(TextEncoderOptions options, int batch, int steps, int input)
    {
        switch (options.Kind)
        {
            case TextEncoderKind.Gru or TextEncoderKind.Lstm:
                var directions = options.Bidirectional ? 2 : 1;
                RecurrentLayers(options.Kind == TextEncoderKind.Gru ? RecurrentKind.Gru : RecurrentKind.Lstm, options.Layers,
                    batch, steps, input, directions * options.HiddenSize, directions);
                break;
            case TextEncoderKind.Transformer:
                TransformerLayers(options.Layers, (double)batch * steps, options.HiddenSize);
                break;
            case TextEncoderKind.Convolution:
                foreach (var width in options.KernelSizes)
                {
                    Weights((double)width * input, options.HiddenSize);
                    Weights((double)width * options.HiddenSize * options.KernelSizes.Count, options.HiddenSize,
                        options.Layers - 1);
                    Keeps((double)options.Layers * batch * steps * options.HiddenSize);
                }

                break;
        }
    }

    /// <summary>Compares the estimate with the memory of the device.</summary>
    /// <param name="remedy">Options to make smaller.</param>
    /// <exception cref="UserException">Training needs more, or a tensor would have more than 2^31 - 1 elements.</exception>
    public void Check(string remedy)
    {
        var available = Machine.AvailableMemory;
        var bytes = (4 * weights + kept) * sizeof(float);
        if (bytes > available || largest > int.MaxValue)
        {
            throw new UserException($"Training would take at least {Show.Count(Math.Ceiling(bytes / 1e9))} GB of memory in"
                + $" tensors of up to {Show.Count(largest)} elements;"
                + $" {(Backend.Default.Device.Kind == DeviceKind.Cpu ? "this machine" : Backend.Default.Device)} has"
                + $" {Show.Count(Math.Floor(available / 1e9))} GB"
                + $" and a tensor at most 2,147,483,647 elements. Make {remedy} smaller.", isUsage: true);
        }
    }

    /// <summary>Elements that the library keeps of one recurrent layer in one direction, as it computes them itself.</summary>
    public static double Workspace(RecurrentKind kind, int batch, int steps, int input, int hidden)
    {
        var shape = new RecurrentShape(batch, steps, input, hidden);
        try
        {
            return kind switch
            {
                RecurrentKind.Lstm => Backend.RecurrentWorkspace<LstmCell<SigmoidActivation, TanhActivation>>(shape),
                RecurrentKind.Gru => Backend.RecurrentWorkspace<GruCell<SigmoidActivation, TanhActivation>>(shape),
                _ => Backend.RecurrentWorkspace<RnnCell<TanhActivation>>(shape),
            };
        }
        catch (SizeLimitException tooLarge)
        {
            return tooLarge.Elements;
        }
    }

    /// <summary>
    /// The sequences in an evaluation batch: 64, or as many as in training where these are so large that 64 might not fit.
    /// </summary>
    /// <param name="batch">Sequences in a training batch.</param>
    /// <param name="elements">Numbers of the largest tensor for one sequence.</param>
    public static int EvaluationBatch(int batch, double elements) => 64 * elements <= 1 << 27 ? 64 : Math.Min(64, batch);
}
