using System.Buffers;
using System.Text.Json;

namespace SeqCore.Models;

/// <summary>Appends metrics to a file as JSON lines, and can truncate it to the lines that a checkpoint counts.</summary>
internal sealed class MetricsFile : MetricsSink, IDisposable
{
    private readonly FileStream file;
    private readonly ArrayBufferWriter<byte> line = new(256);
    private readonly Utf8JsonWriter json;

    /// <summary>Opens the file and truncates it.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="lines">The number of lines to keep; a file with fewer keeps them all.</param>
    /// <exception cref="IOException">The path leads to a folder, a pipe or a device, or the disk reports an error.</exception>
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

    /// <summary>Appends the effect of one step on each parameter.</summary>
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

    /// <summary>Waits until all lines are on the disk, before a checkpoint that counts them.</summary>
    public override void Flush() => file.Flush(flushToDisk: true);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }

    /// <summary>Writes a number, or null for NaN and infinity, which JSON does not have.</summary>
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
            // .NET throws the second one for a file that cannot grow any more.
            throw new IOException($"The metrics '{file.Name}' could not be written: {full.Message}", full);
        }

        line.ResetWrittenCount();
        json.Reset();
    }

    /// <summary>Returns the end of the last line to keep; an incomplete line, after a kill, does not count.</summary>
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
