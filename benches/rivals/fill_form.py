"""Other fillers on the inputs of fill_form.rs: JSON in, JSON out. One thread, from bytes to bytes, the median of runs.

pdftk, which reads and writes files, is measured by the processor's time of the whole pipeline of the Django service:
the cover filled and flattened, the form filled, both joined.
"""
import io
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from xml.sax.saxutils import escape

RUNS = 21


def median_ms(run):
    run()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        run()
        times.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(times), 3)


def pymupdf_fill(pdf, values, flatten):
    import pymupdf

    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        for page in document:
            for widget in page.widgets():
                value = values.get(widget.field_name)
                if value is not None:
                    widget.field_value = value
                    widget.update()
        if flatten:
            document.bake()
        return document.tobytes()


def pikepdf_fill(pdf, values, flatten):
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        for field in document.Root.AcroForm.Fields:
            value = values.get(str(field.get("/T", "")))
            if value is None:
                continue
            if value is True:
                field.V = field.AS = pikepdf.Name("/On")
            else:
                field.V = pikepdf.String(value)
        document.generate_appearance_streams()
        if flatten:
            document.flatten_annotations("all")
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def in_memory(fill, work):
    pdf = pathlib.Path(work["form"]).read_bytes()
    result = {}
    for case, values, flatten in [
        ("flattened", work["values"], True),
        ("editable", work["values"], False),
        ("flattened, letters beyond", work["beyond"], True),
    ]:
        size = len(fill(pdf, values, flatten))
        result[case] = {"ms": median_ms(lambda: fill(pdf, values, flatten)), "bytes": size}
    return result


def pdftk(work):
    def field(name, value):
        text = "On" if value is True else escape(value)
        return f'<field name="{name}"><value>{text}</value></field>'

    fields = "".join(field(name, value) for name, value in work["values"].items())
    xfdf = f'<?xml version="1.0"?><xfdf xmlns="http://ns.adobe.com/xfdf/"><fields>{fields}</fields></xfdf>'
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pathlib.Path("values.xfdf").write_text(xfdf, encoding="utf-8")

        def run():
            for arguments in [
                [work["cover"], "fill_form", "values.xfdf", "output", "cover.pdf", "flatten"],
                [work["form"], "fill_form", "values.xfdf", "output", "form.pdf"],
                ["cover.pdf", "form.pdf", "cat", "output", "packet.pdf"],
            ]:
                subprocess.run(["pdftk", *arguments], check=True, stderr=subprocess.DEVNULL)

        def cpu():
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            return used.ru_utime + used.ru_stime

        run()
        times, walls = [], []
        for _ in range(5):
            before, begun = cpu(), time.perf_counter()
            run()
            times.append((cpu() - before) * 1000)
            walls.append((time.perf_counter() - begun) * 1000)
        size = pathlib.Path("packet.pdf").stat().st_size
        os.chdir("/")
    return {"cpu_ms": round(statistics.median(times), 1), "ms": round(statistics.median(walls), 1), "bytes": size}


def main():
    work = json.load(sys.stdin)
    found = {"pymupdf": in_memory(pymupdf_fill, work), "pikepdf": in_memory(pikepdf_fill, work)}
    if shutil.which("pdftk"):
        found["pdftk"] = pdftk(work)
    json.dump(found, sys.stdout)


main()
