using System.Buffers;
using System.Text.Json;

namespace SeqCore.Models;

/// <summary>Appends metrics to a file as JSON lines, and can cut it back to the lines that a checkpoint knows of.</summary>
internal sealed class MetricsFile : MetricsSink, IDisposable
{
    private readonly FileStream file;
    private readonly ArrayBufferWriter<byte> line = new(256);
    private readonly Utf8JsonWriter json;

    /// <summary>Opens the file and cuts it back.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="lines">How many lines to leave; a file with fewer keeps them all.</param>
    /// <exception cref="IOException">It is a folder, a pipe or a device, or the disk reports an error.</exception>
    internal MetricsFile(string path, long lines)
    {
        InputFile.RequireFile(path);
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.SetLength(EndOf(lines));
        file.Seek(0, SeekOrigin.End);
        json = new Utf8JsonWriter(line);
    }

    /// <summary>Appends one training step.</summary>
    public override void Write(in StepCompleted step)
    {
        json.WriteStartObject();
        json.WriteNumber("step", step.Step);
        Number("loss", step.Loss);
        Number("learning_rate", step.LearningRate);
        if (step.GradientNorm is { } norm)
            Number("gradient_norm", norm);
        Number("tokens_per_second", Math.Round(step.TokensPerSecond, 1));
        EndLine();
    }

    /// <summary>Appends what one step did to each parameter.</summary>
    public override void Write(in LayersLogged layers)
    {
        json.WriteStartObject();
        json.WriteNumber("step", layers.Step);
        json.WriteStartObject("layers");
        foreach (var parameter in layers.Parameters)
        {
            json.WriteStartObject(parameter.Name);
            Number("gradient_norm", parameter.GradientNorm);
            Number("weight_norm", parameter.WeightNorm);
            Number("update_ratio", parameter.UpdateRatio);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        EndLine();
    }

    /// <summary>Appends one evaluation.</summary>
    public override void Write(in Evaluated evaluation)
    {
        json.WriteStartObject();
        json.WriteNumber("step", evaluation.Step);
        Number("validation_loss", evaluation.Loss);
        json.WriteBoolean("best", evaluation.IsBest);
        EndLine();
    }

    /// <summary>Waits until all lines are on the disk: before a checkpoint that counts them.</summary>
    public override void Flush() => file.Flush(flushToDisk: true);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }

    /// <summary>JSON has no NaN and no infinity; null stands for them.</summary>
    private void Number(string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    private void EndLine()
    {
        json.WriteEndObject();
        json.Flush();
        line.Write("\n"u8);
        try
        {
            file.Write(line.WrittenSpan);
        }
        catch (Exception full) when (full is IOException or ArgumentOutOfRangeException)
        {
            // .NET has the second one for a file that may not grow any more.
            throw new IOException($"The metrics '{file.Name}' could not be written: {full.Message}", full);
        }

        line.ResetWrittenCount();
        json.Reset();
    }

    /// <summary>The byte after the last line to leave; a line that a kill tore off in the middle is not one.</summary>
    private long EndOf(long lines)
    {
        var chunk = new byte[1 << 16];
        long end = 0, position = 0;
        for (int count; lines > 0 && (count = file.Read(chunk)) > 0; position += count)
        {
            for (var i = 0; i < count && lines > 0; i++)
            {
                if (chunk[i] != (byte)'\n')
                    continue;
                end = position + i + 1;
                lines--;
            }
        }

        return end;
    }
}
